package dev.vibe.runner.application;

import dev.vibe.runner.application.port.out.AgentLaunchException;
import dev.vibe.runner.application.port.out.AgentPort;
import dev.vibe.runner.application.port.out.RunningAgent;
import dev.vibe.runner.application.port.out.SessionRequest;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One start of an agent's process. It may hang for ever, on a drive that does not answer, where nothing can interrupt it: then it is
 * given up, and what it starts after all is ended at once.
 */
final class AgentLaunch {
    private static final Logger LOG = LoggerFactory.getLogger(AgentLaunch.class);

    private final AgentPort port;
    private final SessionRequest request;
    private final BooleanSupplier stopping;
    private final Duration patience;
    private final Duration patienceWhenStopping;
    private final BiConsumer<RunningAgent, Duration> begun;
    /** Set by whoever comes first: the one that starts the process, or the one that waits no longer. */
    private final AtomicBoolean decided = new AtomicBoolean();

    private @Nullable Long stoppingSinceNanos; // the waiting thread's own

    /**
     * @param stopping whether the session is to end; asked by the waiting thread
     * @param patience how long it may take
     * @param patienceWhenStopping how long once the session is to end
     * @param begun told of the process, on the thread that has started it, and how long that took
     */
    AgentLaunch(
            AgentPort port,
            SessionRequest request,
            BooleanSupplier stopping,
            Duration patience,
            Duration patienceWhenStopping,
            BiConsumer<RunningAgent, Duration> begun) {
        this.port = port;
        this.request = request;
        this.stopping = stopping;
        this.patience = patience;
        this.patienceWhenStopping = patienceWhenStopping;
        this.begun = begun;
    }

    /** Waits for it. */
    RunningAgent await(LaunchPool pool) throws AgentLaunchException, InterruptedException {
        try {
            return pool.launch(this::start, waited -> over(waited) && decided.compareAndSet(false, true));
        } catch (TimeoutException hanging) {
            throw new AgentLaunchException(port.type() + " was not started within " + patience.toSeconds()
                    + " s (VIBE_START_TIMEOUT_SECONDS): its program or its working directory may be on a drive that does not"
                    + " answer");
        } catch (ExecutionException failed) {
            Throwable cause = failed.getCause();
            if (cause instanceof AgentLaunchException refused) {
                throw refused;
            }
            throw new IllegalStateException(String.valueOf(cause), cause);
        }
    }

    private RunningAgent start() throws AgentLaunchException {
        long begin = System.nanoTime();
        RunningAgent running = port.launch(request);
        if (decided.compareAndSet(false, true)) {
            begun.accept(running, Duration.ofNanos(System.nanoTime() - begin));
        } else {
            LOG.warn("an agent of session {} runs, too late for anyone: ending it", request.sessionId());
            running.kill();
        }
        return running;
    }

    private boolean over(Duration waited) {
        if (!stopping.getAsBoolean()) {
            return waited.compareTo(patience) >= 0;
        }
        long now = System.nanoTime();
        Long since = stoppingSinceNanos;
        if (since == null) {
            stoppingSinceNanos = now;
            return false;
        }
        return now - since >= patienceWhenStopping.toNanos();
    }
}
