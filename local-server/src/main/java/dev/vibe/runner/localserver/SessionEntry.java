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

    private static final int LONGEST_TITLE = 80;
    private static final int LONGEST_DETAIL = 2_000;

    final String id;
    final String agentType;
    final String title;
    final History history;
    final Activity activity = new Activity();
    final long since = System.currentTimeMillis();
    State state = State.PENDING;

    /** The payload of {@code session:start}; without its message as soon as nobody can ask for it again. */
    ObjectNode start;

    @Nullable
    String endpoint;

    String detail = "";
    long newestSeq = -1;
    long ended;

    /** @param start the payload of {@code session:start} */
    @SuppressWarnings("MissingSummary") // the parameter says it
    SessionEntry(String id, String agentType, ObjectNode start, History history) {
        this.id = id;
        this.agentType = agentType;
        this.start = start;
        this.history = history;
        this.title = cut(start.path("initialMessage").asText(""), LONGEST_TITLE);
    }

    /** Its agent has begun, or never will: the first message, which may be large, is in the history. */
    void begun(State now) {
        state = now;
        start = start.deepCopy().without("initialMessage"); // the one before may still be on its way to a runner
    }

    /** It is over. The whole reason, which may hold an agent's last words, is in the history. */
    void over(State now, String reason) {
        begun(now);
        detail = cut(reason, LONGEST_DETAIL);
        ended = System.currentTimeMillis();
    }

    ObjectNode describe() {
        return Wire.object()
                .put("sessionId", id)
                .put("agentType", agentType)
                .put("workingDirectory", start.path("workingDirectory").asText(""))
                .put("title", title)
                .put("state", state.name().toLowerCase(Locale.ROOT))
                .put("activity", state == State.RUNNING ? activity.name() : "")
                .put("endpointId", endpoint)
                .put("detail", detail)
                .put("since", since)
                .put("ended", ended)
                .put("messages", history.end());
    }

    private static String cut(String text, int longest) {
        return text.length() <= longest ? text : text.substring(0, longest) + "…";
    }
}
