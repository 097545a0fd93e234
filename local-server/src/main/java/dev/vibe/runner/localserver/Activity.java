package dev.vibe.runner.localserver;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * Whether a session's agent is at work, waits for somebody's answer, or neither: from what is said in the session, in Claude's words
 * or Codex's. Guarded by the hub's lock.
 */
final class Activity {
    /** An agent that asks and asks is not remembered without end. */
    private static final int MOST = 100;

    private static final int LONGEST_ID = 200;

    private final Map<String, String> asks = new LinkedHashMap<>(); // the call that is asked for, by the request's id
    private final Set<String> turns = new HashSet<>(); // of Codex, whose sub-agents have their own
    private boolean working;

    /** {@code waiting}, {@code working} or {@code idle}. */
    String name() {
        return !asks.isEmpty() ? "waiting" : working ? "working" : "idle";
    }

    /** Somebody has said this to the agent. */
    void userSaid(JsonNode message) {
        switch (message.path("type").asText()) {
            case "control_response" -> asks.remove(id(message.at("/response/request_id")));
            case "control_request" -> {} // a mode, a model: no turn
            default -> {
                if (message.has("id") && (message.has("result") || message.has("error"))) {
                    asks.remove(id(message.path("id")));
                } else {
                    working = true;
                }
            }
        }
    }

    /** The agent has said this. */
    void agentSaid(JsonNode message) {
        if (message.path("method").isTextual()) {
            codexSaid(message.path("method").asText(), message);
            return;
        }
        switch (message.path("type").asText()) {
            case "result" -> working = false;
            case "assistant", "stream_event" -> working = true;
            case "system" -> working |= message.path("subtype").asText().equals("init"); // of each turn
            case "user" -> message.at("/message/content").forEach(part -> answered(part.path("tool_use_id")));
            case "control_request" -> asked(message.path("request_id"), message.at("/request/tool_use_id"));
            case "control_cancel_request" -> asks.remove(id(message.path("request_id")));
            case "vibe:notice" -> {
                if (message.path("code").asText().endsWith("-restarted")) {
                    begunAnew();
                }
            }
            default -> {}
        }
    }

    private void codexSaid(String method, JsonNode message) {
        JsonNode params = message.path("params");
        if (message.has("id")) {
            asked(message.path("id"), params.path("itemId"));
            return;
        }
        switch (method) {
            case "turn/started" -> {
                working = true;
                if (turns.size() < MOST) {
                    turns.add(id(params.at("/turn/id")));
                }
            }
            case "turn/completed" -> {
                turns.remove(id(params.at("/turn/id")));
                working = !turns.isEmpty();
            }
            case "serverRequest/resolved" -> asks.remove(id(params.path("requestId")));
            case "item/completed" -> answered(params.at("/item/id"));
            default -> {}
        }
    }

    private void asked(JsonNode request, JsonNode call) {
        if (!id(request).isEmpty() && asks.size() < MOST) { // without one nobody can answer
            asks.put(id(request), id(call));
        }
    }

    /** A call has an outcome: what was asked about it is answered, by whomever. */
    private void answered(JsonNode call) {
        if (!id(call).isEmpty()) {
            asks.values().removeIf(id(call)::equals);
        }
    }

    /** Another process of the agent: it knows nothing of what the one before had asked. */
    private void begunAnew() {
        asks.clear();
        turns.clear();
        working = false;
    }

    private static String id(JsonNode node) {
        String text = node.asText("");
        return text.length() <= LONGEST_ID ? text : text.substring(0, LONGEST_ID);
    }
}
