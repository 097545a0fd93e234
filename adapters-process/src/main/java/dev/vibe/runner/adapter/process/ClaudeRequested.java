package dev.vibe.runner.adapter.process;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What users' requests have made of Claude, which is so once it has accepted them. Told by the feeder's thread and the pump's, asked by
 * any.
 */
final class ClaudeRequested {
    /** So many may be unanswered; the oldest are then forgotten. */
    private static final int MOST_WAITING = 256;
    /** Real ones have some dozen characters. */
    private static final int LONGEST = 1_000;

    private static final String END = "end_session";
    private static final String MODE = "set_permission_mode";
    static final String MODEL = "set_model";
    private static final String THINKING = "set_max_thinking_tokens";

    private record Waiting(String id, String subtype, String request) {}

    private final Deque<Waiting> waiting = new ArrayDeque<>(); // guarded by this
    private volatile boolean waits; // written under this
    private final Map<String, String> settings = new LinkedHashMap<>(); // requests by their subtypes; guarded by this
    private volatile List<String> accepted; // written under this
    private volatile boolean ending;

    /** @param settings what an earlier process had accepted, see {@link #settings} */
    ClaudeRequested(List<String> settings) {
        accepted = List.copyOf(settings);
        for (String request : accepted) {
            this.settings.put(subtype(request), request);
        }
    }

    /** Which setting a request of {@link #settings} is. */
    static String subtype(String request) {
        JsonNode tree = MessageText.parse(request);
        return tree == null ? "" : tree.path("subtype").asText("");
    }

    /** Whether, without this setting, Claude might do more than its user has allowed. */
    static boolean restricts(String subtype) {
        return subtype.equals(MODE);
    }

    /** A request goes out to Claude. */
    synchronized void goesOut(String id, JsonNode request) {
        String subtype = request.path("subtype").asText();
        String bare = switch (subtype) {
            case END -> "";
            case MODE -> bare(subtype, "mode", request);
            case MODEL -> bare(subtype, "model", request);
            case THINKING -> bare(subtype, "max_thinking_tokens", request);
            default -> null;
        };
        if (bare == null || id.length() > LONGEST || bare.length() > LONGEST) {
            return;
        }
        if (waiting.size() >= MOST_WAITING) {
            waiting.removeFirst();
        }
        waiting.add(new Waiting(id, subtype, bare));
        waits = true;
    }

    /** Without what else it holds; empty where it sets nothing, but takes back. */
    private static String bare(String subtype, String field, JsonNode request) {
        JsonNode value = request.path(field);
        ObjectNode set = Json.object().put("subtype", subtype);
        set.set(field, value);
        return value.isTextual() || value.isNumber() ? ClaudeMessages.write(set) : "";
    }

    /** Whether an answer is due that means something here. */
    boolean waits() {
        return waits;
    }

    /** Claude's answer to a request. */
    synchronized void answered(String id, boolean accepted) {
        for (Iterator<Waiting> each = waiting.iterator(); each.hasNext(); ) {
            Waiting request = each.next();
            if (request.id().equals(id)) {
                each.remove();
                waits = !waiting.isEmpty();
                if (accepted) {
                    accept(request);
                }
                return;
            }
        }
    }

    private void accept(Waiting request) {
        if (request.subtype().equals(END)) {
            ending = true;
            return;
        }
        if (request.request().isEmpty()) {
            String ignored = settings.remove(request.subtype());
        } else {
            settings.put(request.subtype(), request.request());
        }
        accepted = List.copyOf(settings.values());
    }

    /** The requests that have set its mode, its model and how much it thinks, to be made again of another process; each the JSON of a {@code request}. */
    List<String> settings() {
        return accepted;
    }

    /** It was asked to end its session, and has said that it does. */
    boolean ending() {
        return ending;
    }
}
