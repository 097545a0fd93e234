package dev.vibe.runner.adapter.process;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The requests of Codex's that its user has seen and that are not resolved. When its process dies they end with it, and nobody would say
 * so: the next process's dialect does. Told by the pump's thread, asked by any.
 */
final class CodexPrompts {
    /** So many may be open; the oldest are then forgotten. */
    private static final int MOST = 64;
    /** Real ids of threads have 36 characters. */
    private static final int LONGEST = 256;

    private static final String REQUEST = "requestId";
    private static final String THREAD = "threadId";

    private final Map<String, String> open = new LinkedHashMap<>(); // by their ids
    private volatile List<String> asSettings = List.of();

    /** A request is about to be seen. */
    void opened(JsonNode shownId, @Nullable String threadId) {
        String id = shownId.asText();
        if (threadId == null || threadId.length() > LONGEST || id.length() > LONGEST || !shownId.isValueNode()) {
            return;
        }
        if (open.size() >= MOST && !open.containsKey(id)) {
            String ignored = open.remove(open.keySet().iterator().next());
        }
        ObjectNode params = Json.object().put(THREAD, threadId);
        params.set(REQUEST, shownId);
        open.put(id, ClaudeMessages.write(params));
        asSettings = List.copyOf(open.values());
    }

    /** A request was said to be resolved. */
    void resolved(JsonNode shownId) {
        if (open.remove(shownId.asText()) != null) {
            asSettings = List.copyOf(open.values());
        }
    }

    /** The open ones, in order, for {@link Dialect#settings}. */
    List<String> settings() {
        return asSettings;
    }

    /** The lines that Codex itself would have closed its requests with, from what an earlier process's {@link #settings} were. */
    static List<String> closing(List<String> settings) {
        return settings.stream()
                .map(CodexPrompts::closing)
                .filter(Objects::nonNull)
                .toList();
    }

    private static @Nullable String closing(String setting) {
        JsonNode params = MessageText.parse(setting);
        if (params == null || !params.has(THREAD) || !params.has(REQUEST)) {
            return null; // of another version
        }
        ObjectNode line = Json.object().put("method", "serverRequest/resolved");
        line.set("params", params);
        return ClaudeMessages.write(line);
    }
}
