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

    /** True for those that are ending still. */
    private final Map<SessionId, Boolean> sessions = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<SessionId, Boolean> eldest) {
            return size() > MAX;
        }
    };

    /** The session is over; its terminal event is about to enter the outbox. */
    synchronized void ending(SessionId session) {
        sessions.put(session, true);
    }

    /** The session's terminal event is in the outbox. */
    synchronized void ended(SessionId session) {
        sessions.put(session, false);
    }

    synchronized boolean contains(SessionId session) {
        return sessions.containsKey(session);
    }

    synchronized boolean isEnding(SessionId session) {
        return sessions.getOrDefault(session, false);
    }
}
