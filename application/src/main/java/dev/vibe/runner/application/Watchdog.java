package dev.vibe.runner.application;

import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks at all sessions every now and then and holds them against their limits. One thread for all. */
final class Watchdog implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(Watchdog.class);
    /** Woken so much too late it was not the only one that stood still: a paused sandbox, a laptop's lid. */
    private static final long WORTH_NOTICING = Duration.ofSeconds(2).toNanos();

    private final Supplier<List<Session>> sessions;
    private final Duration pause;

    Watchdog(Supplier<List<Session>> sessions, Duration pause) {
        this.sessions = sessions;
        this.pause = pause;
    }

    /** Until interrupted: a daemon thread's work. */
    @Override
    public void run() {
        try {
            while (true) {
                long begin = System.nanoTime();
                Thread.sleep(pause);
                long late = System.nanoTime() - begin - pause.toNanos();
                if (late > WORTH_NOTICING) {
                    slept(late);
                }
                sessions.get().forEach(session -> SessionLog.about(session.id(), () -> look(session)));
            }
        } catch (InterruptedException over) {
            Thread.currentThread().interrupt();
        }
    }

    /** What the agents did not do meanwhile is no fault of theirs. */
    private void slept(long nanos) {
        LOG.info("this runner stood still for {} s, which counts in no session's limits", nanos / 1_000_000_000);
        sessions.get().forEach(session -> session.slept(nanos, System.nanoTime()));
    }

    private static void look(Session session) {
        try {
            session.check(System.nanoTime());
        } catch (RuntimeException | Error bug) { // where threads are used up too: limits must hold then more than ever
            LOG.error("looking after session {} failed inside the runner", session.id(), bug);
        }
    }
}
