package dev.vibe.runner.application;

import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks at all sessions every now and then and holds them against their limits. One thread for all. */
final class Watchdog implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(Watchdog.class);

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
                Thread.sleep(pause);
                sessions.get().forEach(session -> SessionLog.about(session.id(), () -> look(session)));
            }
        } catch (InterruptedException over) {
            Thread.currentThread().interrupt();
        }
    }

    private static void look(Session session) {
        try {
            session.check(System.nanoTime());
        } catch (RuntimeException | Error bug) { // where threads are used up too: limits must hold then more than ever
            LOG.error("looking after session {} failed inside the runner", session.id(), bug);
        }
    }
}
