package dev.vibe.runner.bootstrap;

import dev.vibe.runner.adapter.process.LibC;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts secrets out of the reach of agents, which run hostile code as the runner's own user: the variables are wiped from
 * this process's environment (which {@code jspawnhelper}, the JDK's helper that starts processes, would inherit), and {@code
 * /proc/PID/environ}, {@code mem}, {@code maps} and {@code fd} and {@code ptrace} are closed to all but root. Raised once the
 * runner is registered, since it takes a while, or earlier if a process is to be started: none is before it is up.
 */
final class Shield {
    private static final Logger LOG = LoggerFactory.getLogger(Shield.class);

    private final List<String> secretVariables;
    private final CompletableFuture<Boolean> up = new CompletableFuture<>();
    private final AtomicBoolean begun = new AtomicBoolean();

    Shield(Collection<String> secretVariables) {
        this.secretVariables = List.copyOf(secretVariables);
    }

    /** Begins, if nobody did; returns at once. */
    void raise() {
        if (begun.compareAndSet(false, true)) {
            Thread.ofPlatform().name("shield").daemon().start(() -> up.complete(raised()));
        }
    }

    /** Raises it, if nobody did, and waits until it is up or has failed, which the log then says. */
    void await() {
        raise();
        boolean _ = up.join();
    }

    private boolean raised() {
        try {
            LibC libC = new LibC();
            secretVariables.forEach(libC::forget);
            if (libC.hide()) {
                return true;
            }
            LOG.warn("the system does not hide this process: agents can read the runner's token from its memory");
        } catch (RuntimeException | LinkageError unsupported) {
            LOG.warn(
                    "this system has no way to hide a process: agents can read the runner's token from /proc ({})",
                    unsupported.toString());
        }
        return false;
    }
}
