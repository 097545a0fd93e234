package dev.vibe.runner.application.port.out;

import java.util.List;

/** Remembers which sessions run, beyond the death of this process. A session is forgotten with its terminal event. */
public interface SessionStore {

    /** Remembers a session, or what has become known of it. Never fails: what cannot be kept is logged. May do I/O. */
    void save(SavedSession session);

    /** Sessions that ran when an earlier process died, and have no terminal event. */
    List<SavedSession> saved();

    /** Remembers nothing. */
    static SessionStore none() {
        return new SessionStore() {
            @Override
            public void save(SavedSession session) {
                // Not kept.
            }

            @Override
            public List<SavedSession> saved() {
                return List.of();
            }
        };
    }
}
