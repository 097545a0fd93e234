package dev.vibe.runner.adapter.websocket;

import dev.vibe.runner.domain.EndpointEvent;
import dev.vibe.runner.domain.SessionEvent;
import dev.vibe.runner.domain.SessionId;
import java.util.Map;

/**
 * What the server says it has of each session, from its answer to a registration. A session that begins later counts from above
 * that, so nothing of it is covered.
 *
 * @param newest the newest {@code seq} by session
 */
record Resume(Map<SessionId, Long> newest) {
    static final Resume NOTHING = new Resume(Map.of());

    /** Whether the server has this event already. */
    boolean covers(EndpointEvent event) {
        return switch (event) {
            case SessionEvent.Output output -> covers(output.sessionId(), output.seq());
            case SessionEvent.Notice notice -> covers(notice.sessionId(), notice.seq());
            default -> false;
        };
    }

    private boolean covers(SessionId session, long seq) {
        return seq <= newest.getOrDefault(session, -1L);
    }
}
