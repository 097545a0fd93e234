package dev.vibe.runner.application.port.out;

import dev.vibe.runner.domain.SessionEvent;

/** What an event counts against the outbox's limits, roughly in bytes. */
public final class OutboxWeight {
    private static final int OVERHEAD = 200;

    private OutboxWeight() {}

    /** The weight of one event: never changes for the same event. */
    public static long of(SessionEvent event) {
        return OVERHEAD
                + switch (event) {
                    case SessionEvent.Output output -> (long) output.line().utf8().length;
                    case SessionEvent.Notice notice -> (long) notice.text().length();
                    case SessionEvent.Failed failed -> (long) failed.error().length();
                    case SessionEvent.Started _, SessionEvent.Ended _ -> 0L;
                };
    }
}
