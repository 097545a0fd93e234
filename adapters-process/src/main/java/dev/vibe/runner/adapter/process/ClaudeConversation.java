package dev.vibe.runner.adapter.process;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.UUID;

/**
 * Which conversation Claude's process is in. {@code /clear} begins another one, under an id of Claude's own, which its next {@code
 * system/init} tells (measured with 2.1.197): to resume the old one would bring back what was cleared. Told by the pump's thread,
 * asked by any.
 */
final class ClaudeConversation {
    private volatile String id;

    /** @param id as it was begun or resumed */
    ClaudeConversation(String id) {
        this.id = id;
    }

    String id() {
        return id;
    }

    /**
     * A line that {@link ClaudeTurns#begins begins a turn}. One of a sub-agent's, or with an id that {@code --resume} would not take, tells
     * nothing.
     */
    void heard(String init) {
        JsonNode line = MessageText.parse(init);
        if (line == null || !line.path("parent_tool_use_id").asText("").isEmpty()) {
            return;
        }
        String now = line.path("session_id").asText("");
        if (isUuid(now)) {
            id = now;
        }
    }

    private static boolean isUuid(String text) {
        try {
            return UUID.fromString(text).toString().equalsIgnoreCase(text);
        } catch (IllegalArgumentException other) {
            return false;
        }
    }
}
