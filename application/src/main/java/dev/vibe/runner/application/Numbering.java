package dev.vibe.runner.application;

import dev.vibe.runner.domain.SessionId;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Where a session begins to count what it says. Who receives it drops what is not above the highest number it has of that name, so
 * a name that is used again goes on counting: after what this process has said under it, and after what the server says it has.
 * Bounded; forgets the oldest. Thread-safe.
 */
final class Numbering {
    /** A name and a number each; some 2 MB with names of the usual length. */
    private static final int MAX = 10_000;

    /** Guarded by this. */
    private final Map<SessionId, Long> next = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<SessionId, Long> eldest) {
            return size() > MAX;
        }
    };

    /** Guarded by this. */
    private Map<SessionId, Long> newest = Map.of();

    /** The server has these numbers and all below; what it said before does not count any more. */
    synchronized void told(Map<SessionId, Long> newest) {
        this.newest = newest;
    }

    /** A session has ended; the next thing it said would have had this number. */
    synchronized void ended(SessionId session, long nextSeq) {
        next.remove(session); // to be the youngest
        if (nextSeq > 0) {
            next.put(session, nextSeq);
        }
    }

    /** The first number of a session that begins now. */
    synchronized long first(SessionId session) {
        return Math.max(next.getOrDefault(session, 0L), newest.getOrDefault(session, -1L) + 1);
    }
}
