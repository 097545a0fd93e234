package dev.vibe.runner.bootstrap;

import dev.vibe.runner.adapter.journal.DiskSpool;
import dev.vibe.runner.adapter.process.ProcessAgents;
import dev.vibe.runner.application.Endpoint;
import dev.vibe.runner.application.EndpointSettings;
import dev.vibe.runner.application.FairOutbox;
import dev.vibe.runner.application.OutboxLimits;
import dev.vibe.runner.application.SessionLimits;
import dev.vibe.runner.application.port.out.TransportPort;
import dev.vibe.runner.bootstrap.warmup.WarmUpServer;
import dev.vibe.runner.domain.EndpointId;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has two sessions, or some more, before there are real ones, so that Java has linked and compiled what a session and its lines pass: with a shell
 * for an agent, a second transport, journal and {@link Endpoint}, and a server of this process's own. Nothing of it reaches the real
 * server, the logs, the status or the metrics. Once, right after the registration, some tenths of a second; it gives way as soon as
 * a real session is asked for. Decision 43 has the figures.
 */
final class WarmUp implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(WarmUp.class);

    /** On the threads of a warm-up, and on those that they start. */
    private static final InheritableThreadLocal<Boolean> MARK = new InheritableThreadLocal<>();

    /** A server that has a session for a new endpoint says so at once. */
    private static final Duration QUIET = Duration.ofMillis(100);

    private static final Duration LONGEST = Duration.ofSeconds(5);

    /** A runner that may have more sessions than this is to be ready for many that start at once. */
    private static final int MANY = 8;

    /** What a start passes is compiled then. Fewer gain little, more nothing: docs/decisions.md, 59. */
    private static final int STARTS_OF_MANY = 40;

    /** A session ends while others begin. */
    private static final int AT_ONCE = 8;

    private static final Duration END = Duration.ofSeconds(2);
    private static final long JOURNAL_BYTES = 1_000_000;

    private final RunnerSettings settings;
    private final Runnable beforeStart;
    private final BooleanSupplier busy;
    private final CompletableFuture<?> wanted;

    /**
     * A warm-up that has not begun.
     *
     * @param beforeStart as {@code ProcessSettings.beforeStart}
     * @param busy whether there are sessions already, of a runner that died
     * @param wanted completes when the server asks for a session
     */
    WarmUp(RunnerSettings settings, Runnable beforeStart, BooleanSupplier busy, CompletableFuture<?> wanted) {
        this.settings = settings;
        this.beforeStart = beforeStart;
        this.busy = busy;
        this.wanted = wanted;
    }

    /** Whether the calling thread belongs to a warm-up: what goes wrong on it, or is logged there, concerns nobody. */
    static boolean underWay() {
        return MARK.get() != null;
    }

    /** Begins on a thread of its own; returns at once. */
    void start() {
        if (settings.warmUp()) {
            Thread.ofPlatform().name("warm-up").daemon().start(this);
        }
    }

    @Override
    public void run() {
        String result = "was not needed";
        try {
            Thread.sleep(QUIET);
            if (!wanted.isDone() && !busy.getAsBoolean()) {
                long begin = System.nanoTime();
                MARK.set(true);
                boolean complete = withScratch();
                result = (complete ? "took " : "was given up after ") + (System.nanoTime() - begin) / 1_000_000 + " ms";
            }
        } catch (InterruptedException over) {
            Thread.currentThread().interrupt();
        } catch (IOException | RuntimeException | OutOfMemoryError impossible) {
            result = "is not possible here: " + impossible;
        } finally {
            MARK.remove();
        }
        LOG.debug("the warm-up {}", result);
    }

    private boolean withScratch() throws IOException, InterruptedException {
        try (ScratchFolder scratch = ScratchFolder.create(settings.stateDirectory(), "warm-up-")) {
            return rehearse(scratch.path());
        }
    }

    /** Returns whether all sessions went as they should. */
    boolean rehearse(Path scratch) throws IOException, InterruptedException {
        EndpointId id = new EndpointId(settings.endpointId()); // whose name its process bears, should it be left behind
        try (WarmUpServer server = server();
                DiskSpool journal = DiskSpool.open(scratch, id, JOURNAL_BYTES)) {
            TransportPort transport = TransportModule.warmUp(settings, server.uri());
            Endpoint endpoint = new Endpoint(
                    endpoint(id),
                    transport,
                    List.of(ProcessAgents.warmUp(scratch, beforeStart)),
                    new FairOutbox(journal, OutboxLimits.DEFAULT),
                    journal,
                    new Random());
            try {
                endpoint.start();
                var _ = wanted.thenRun(server::stop);
                return server.awaitEnd(LONGEST);
            } finally {
                var _ = endpoint.shutdown(END);
            }
        }
    }

    private WarmUpServer server() throws IOException {
        return settings.transport() == TransportKind.WEBSOCKET
                ? WarmUpServer.webSocket(shortSessions(), LONGEST)
                : WarmUpServer.socketIo(shortSessions(), LONGEST);
    }

    private int shortSessions() {
        return settings.maxSessions() > MANY ? STARTS_OF_MANY : 1;
    }

    private EndpointSettings endpoint(EndpointId id) {
        return new EndpointSettings(
                id,
                AT_ONCE,
                Map.of(),
                settings.heartbeat(),
                settings.registerRetryMin(),
                settings.registerRetryMax(),
                LONGEST,
                LONGEST,
                END,
                SessionLimits.NONE,
                false,
                false);
    }
}
