package dev.vibe.runner.application;

import dev.vibe.runner.domain.SessionId;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/** Whose lines those of the log are that a thread writes. */
final class SessionLog {
    /** In SLF4J's diagnostic context. */
    static final String KEY = "session";

    private SessionLog() {}

    /** From here on all of this thread's are the session's: for a thread that has no other. */
    static void begin(SessionId id) {
        MDC.put(KEY, id.value());
    }

    /** Does something on a thread that serves many sessions. */
    static void about(@Nullable SessionId id, Runnable work) {
        if (id == null) {
            work.run();
            return;
        }
        begin(id);
        try {
            work.run();
        } finally {
            MDC.remove(KEY);
        }
    }
}
