package dev.vibe.runner.application;

import dev.vibe.runner.application.port.out.Link;
import dev.vibe.runner.domain.SessionEvent;
import dev.vibe.runner.domain.SessionId;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Of which sessions the server may know the end: their terminal event has been sent on the present link, or is confirmed, or the
 * server itself has asked for the end on this link. A start that comes for another one cannot be an answer to its end. Bounded;
 * forgets the oldest. Thread-safe.
 */
final class SentEnds {
    private static final int MAX = 1_000;

    private final Predicate<SessionId> unconfirmed;
    /** Guarded by this. */
    private final Set<SessionId> sessions = youngest();

    /** Guarded by this: whose end the server has asked for. */
    private final Set<SessionId> asked = youngest();

    /** Guarded by this. */
    private @Nullable Link link;

    /** @param unconfirmed whether anything of a session is still to be confirmed */
    SentEnds(Predicate<SessionId> unconfirmed) {
        this.unconfirmed = unconfirmed;
    }

    private static Set<SessionId> youngest() {
        return Collections.newSetFromMap(new LinkedHashMap<>() {
            @Override
            protected boolean removeEldestEntry(Map.Entry<SessionId, Boolean> eldest) {
                return size() > MAX;
            }
        });
    }

    /** Nothing has been sent or asked for on this link yet. */
    synchronized void on(@Nullable Link next) {
        link = next;
        asked.clear();
        sessions.removeIf(unconfirmed);
    }

    /** This is about to be sent; false when the link is not the present one, and nothing must be. */
    synchronized boolean sending(Link over, SessionEvent event) {
        if (link != over) {
            return false;
        }
        if (event.terminal()) {
            sessions.add(event.sessionId());
        }
        return true;
    }

    /** The server has asked for the end of this session. */
    synchronized void asked(SessionId session) {
        asked.add(session);
    }

    /** A session of that name begins. */
    synchronized void begun(SessionId session) {
        sessions.remove(session);
        asked.remove(session);
    }

    /** A session of that name ends, and its terminal event is still to come: one that was sent was of an earlier session. */
    synchronized void unsaid(SessionId session) {
        sessions.remove(session);
    }

    synchronized boolean contains(SessionId session) {
        return sessions.contains(session) || asked.contains(session);
    }
}
