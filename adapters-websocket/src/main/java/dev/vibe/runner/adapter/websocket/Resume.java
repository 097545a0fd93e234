package dev.vibe.runner.adapter.websocket;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.vibe.runner.domain.EndpointEvent;
import dev.vibe.runner.domain.SessionEvent;
import java.util.HashMap;
import java.util.Map;

/**
 * What the server says it has of each session, from its answer to a registration.
 *
 * @param last the newest {@code seq} by session
 */
record Resume(Map<String, Long> last) {
    static final Resume NOTHING = new Resume(Map.of());

    private static final ObjectMapper JSON = new ObjectMapper();

    /** Reads the answer's payload; what is not as it should be is as if it were not there. */
    static Resume of(String data) {
        try {
            JsonNode resume = JSON.readTree(data).path("resume");
            Map<String, Long> last = new HashMap<>();
            for (Map.Entry<String, JsonNode> session : resume.properties()) {
                if (session.getValue().isIntegralNumber()) {
                    last.put(session.getKey(), session.getValue().asLong());
                }
            }
            return new Resume(Map.copyOf(last));
        } catch (JsonProcessingException malformed) {
            return NOTHING;
        }
    }

    /** Whether the server has this event already. */
    boolean covers(EndpointEvent event) {
        return switch (event) {
            case SessionEvent.Output output -> covers(output.sessionId().value(), output.seq());
            case SessionEvent.Notice notice -> covers(notice.sessionId().value(), notice.seq());
            default -> false;
        };
    }

    private boolean covers(String session, long seq) {
        return seq <= last.getOrDefault(session, -1L);
    }
}
