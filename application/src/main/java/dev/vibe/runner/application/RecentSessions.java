package dev.vibe.runner.application;

import dev.vibe.runner.domain.SessionId;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Sessions that have ended or were refused a short while ago, so that what the server still sends for them is not taken
 * for a mistake. Bounded; forgets the oldest. Thread-safe.
 */
final class RecentSessions {
    private static final int MAX = 1_000;

    private static final int ENDING = -1;

    /** The number of registrations there had been when the session ended, or ENDING. */
    private final Map<SessionId, Integer> sessions = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<SessionId, Integer> eldest) {
            return size() > MAX;
        }
    };

    /** The session is over; its terminal event is about to enter the outbox. */
    synchronized void ending(SessionId session) {
        sessions.put(session, ENDING);
    }

    /** The session's terminal event is in the outbox. */
    synchronized void ended(SessionId session, int registrations) {
        sessions.put(session, registrations);
    }

    /** True for a session that had ended before the registration of that number. */
    synchronized boolean endedBefore(SessionId session, int registration) {
        return sessions.getOrDefault(session, registration) < registration;
    }

    synchronized boolean contains(SessionId session) {
        return sessions.containsKey(session);
    }

    synchronized boolean isEnding(SessionId session) {
        return sessions.getOrDefault(session, 0) == ENDING;
    }
}
