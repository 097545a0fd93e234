package dev.vibe.runner.bootstrap;

import dev.vibe.runner.application.port.in.RunEndpoint;
import dev.vibe.runner.application.port.in.ShutdownReport;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntConsumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How the process comes to its end: the first signal gracefully, a second one at once. */
final class Shutdown {
    private static final Logger LOG = LoggerFactory.getLogger(Shutdown.class);

    /** npm passes on within some milliseconds what its terminal has told us too; a user who wants it twice takes longer. */
    private static final Duration ONE = Duration.ofMillis(300);

    private final RunEndpoint endpoint;
    private final Duration deadline;
    private final IntConsumer halt;
    private final LongSupplier nanos;
    private final AtomicBoolean begun = new AtomicBoolean();
    /** When the first signal of each way came. */
    private final Map<Boolean, Long> heard = new ConcurrentHashMap<>();

    private final CompletableFuture<ExitCode> done = new CompletableFuture<>();

    /** @param halt ends the process at once with that exit code */
    Shutdown(RunEndpoint endpoint, Duration deadline, IntConsumer halt) {
        this(endpoint, deadline, halt, System::nanoTime);
    }

    /** As above, by another clock. */
    Shutdown(RunEndpoint endpoint, Duration deadline, IntConsumer halt, LongSupplier nanos) {
        this.endpoint = endpoint;
        this.deadline = deadline;
        this.halt = halt;
        this.nanos = nanos;
    }

    /** Completes when everything has been ended, with what the process is to exit with. */
    CompletableFuture<ExitCode> done() {
        return done;
    }

    /**
     * A signal came. Returns at once, or never. Whoever signals a whole process group (timeout, systemd, a shell) reaches us
     * twice, directly and through the launcher, and npm passes on what its terminal has told the whole group; so only what
     * comes on the same way, and not together with the first, is a second one. Seen: a shutdown cut short by its own echo.
     *
     * @param forwarded whether the launcher passed it on
     */
    void signal(String name, int number, boolean forwarded) {
        long now = nanos.getAsLong();
        Long before = heard.putIfAbsent(forwarded, now);
        if (begun.compareAndSet(false, true)) {
            LOG.info("{}: shutting down within {} s; once more ends it at once", name, deadline.toSeconds());
            end(ExitCode.OK);
        } else if (before != null && now - before >= ONE.toNanos()) {
            LOG.warn("{} again: ending at once", name);
            endpoint.abort();
            halt.accept(128 + number);
        }
    }

    /** Going on is of no use. Returns at once. */
    void give(ExitCode code, String why) {
        if (begun.compareAndSet(false, true)) {
            LOG.error("{}", why);
            end(code);
        }
    }

    private void end(ExitCode code) {
        try {
            Thread.ofPlatform().name("shutdown").start(() -> endNow(code));
        } catch (OutOfMemoryError noThread) { // the system's limit of processes; else nobody would end this one
            LOG.warn("shutting down on this thread: {}", noThread.getMessage());
            endNow(code);
        }
    }

    private void endNow(ExitCode code) {
        try {
            ShutdownReport report = endpoint.shutdown(deadline);
            if (report.clean()) {
                LOG.info("{} sessions ended, everything delivered", report.sessionsEnded());
            } else {
                LOG.warn(
                        "{} sessions did not end, {} events were not confirmed by the server{}",
                        report.sessionsLeft(),
                        report.undelivered(),
                        report.undelivered() > 0 && report.kept()
                                ? ": they are in the journal, and the next start with this endpoint id delivers them"
                                : "");
            }
            done.complete(code);
        } catch (RuntimeException | Error failed) {
            LOG.error("the shutdown failed", failed);
            done.complete(ExitCode.INTERNAL);
        }
    }
}
