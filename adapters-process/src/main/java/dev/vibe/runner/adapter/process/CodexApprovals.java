package dev.vibe.runner.adapter.process;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The requests of Codex's that wait for the user, under the ids that the user knows. Told by the pump's thread, asked by any. */
final class CodexApprovals {
    /** So many can be answered at a time. */
    private static final int MOST = 64;

    private final Map<String, CodexApproval> waiting = new ConcurrentHashMap<>(); // by their ids as they are shown
    private final CodexIds ids;
    private final CodexPrompts prompts = new CodexPrompts();

    CodexApprovals(CodexIds ids) {
        this.ids = ids;
    }

    /**
     * Codex asks something.
     *
     * @param thread of a request that names none
     * @return the line as the user is to see it
     */
    String asked(String method, String line, JsonNode request, @Nullable String thread) {
        JsonNode params = request.path("params");
        JsonNode id = request.path("id");
        JsonNode shown = ids.shown(id);
        CodexApproval approval = CodexApproval.of(id, method, params, line.length());
        if (approval != null && waiting.size() < MOST) {
            waiting.put(shown.asText(), approval);
        }
        prompts.opened(shown, params.path("threadId").asText(thread));
        return ids.inRequest(line);
    }

    /**
     * Codex says that a request is over.
     *
     * @return the line as the user is to see it
     */
    String resolved(String line, JsonNode notification) {
        JsonNode shown = ids.shown(notification.path("params").path("requestId"));
        CodexApproval ignored = waiting.remove(shown.asText());
        prompts.resolved(shown);
        return ids.inResolved(line);
    }

    /** The request that an answer is for, which does not wait any more then; null where none does. */
    @Nullable
    CodexApproval take(String id) {
        return waiting.remove(id);
    }

    /** Whether none waits. */
    boolean none() {
        return waiting.isEmpty();
    }

    /** See {@link CodexPrompts#settings}. */
    List<String> open() {
        return prompts.settings();
    }
}
