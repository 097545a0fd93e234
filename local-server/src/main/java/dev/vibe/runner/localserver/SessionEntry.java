package dev.vibe.runner.localserver;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A session, from the moment somebody asked for it. Guarded by the hub's lock. */
final class SessionEntry {
    /** Where a session stands. */
    enum State {
        /** No endpoint takes it yet. */
        PENDING,
        /** An endpoint was asked. */
        STARTING,
        /** Its agent runs. */
        RUNNING,
        /** It ended as it should. */
        ENDED,
        /** It failed. */
        FAILED;

        boolean over() {
            return this == ENDED || this == FAILED;
        }
    }

    final String id;
    final String agentType;
    final ObjectNode start;
    final History history = new History();
    final long since = System.currentTimeMillis();
    State state = State.PENDING;

    @Nullable
    String endpoint;

    String detail = "";
    long newestSeq = -1;
    long ended;

    /** @param start the payload of {@code session:start} */
    @SuppressWarnings("MissingSummary") // the parameter says it
    SessionEntry(String id, String agentType, ObjectNode start) {
        this.id = id;
        this.agentType = agentType;
        this.start = start;
    }

    ObjectNode describe() {
        return Wire.object()
                .put("sessionId", id)
                .put("agentType", agentType)
                .put("workingDirectory", start.path("workingDirectory").asText(""))
                .put("title", title())
                .put("state", state.name().toLowerCase(Locale.ROOT))
                .put("endpointId", endpoint)
                .put("detail", detail)
                .put("since", since)
                .put("ended", ended)
                .put("messages", history.end());
    }

    private String title() {
        String first = start.path("initialMessage").asText("");
        return first.length() <= 80 ? first : first.substring(0, 80) + "…";
    }
}
