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

    private enum State {
        /** It is over; its terminal event is about to enter the outbox. */
        ENDING,
        /** Its terminal event is in the outbox, or the refusal of its start. */
        ENDED,
        /** There was none: a command for it was refused. */
        UNKNOWN
    }

    private final Map<SessionId, State> sessions = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<SessionId, State> eldest) {
            return size() > MAX;
        }
    };

    /** The session is over; its terminal event is about to enter the outbox. */
    synchronized void ending(SessionId session) {
        put(session, State.ENDING);
    }

    /** The session's terminal event is in the outbox, or the refusal of its start is. */
    synchronized void ended(SessionId session) {
        put(session, State.ENDED);
    }

    /** Of such a session nothing is known; the refusal of a command for it is in the outbox, and nothing else. */
    synchronized void unknown(SessionId session) {
        put(session, State.UNKNOWN);
    }

    private void put(SessionId session, State state) {
        sessions.remove(session); // to be the youngest
        sessions.put(session, state);
    }

    synchronized boolean contains(SessionId session) {
        return sessions.containsKey(session);
    }

    synchronized boolean isEnding(SessionId session) {
        return sessions.get(session) == State.ENDING;
    }

    synchronized boolean isUnknown(SessionId session) {
        return sessions.get(session) == State.UNKNOWN;
    }
}
