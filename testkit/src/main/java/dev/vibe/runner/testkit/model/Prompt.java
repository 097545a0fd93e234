package dev.vibe.runner.testkit.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a request comes down to, whichever API it came by.
 *
 * @param text what the user said last, without what agents add around it; empty when the user said nothing
 * @param toolResult the result of a tool that came after {@code text}, null when there is none
 * @param messages how many messages or items the request held
 * @param tools names of the tools the agent offers
 */
record Prompt(String text, @Nullable String toolResult, int messages, List<String> tools) {
    Prompt {
        tools = List.copyOf(tools);
    }

    /** Whether a text is the agent's own addition (environment, reminders), which both put into tags. */
    static boolean added(String text) {
        String stripped = text.strip();
        return stripped.isEmpty() || stripped.startsWith("<") || stripped.startsWith("# AGENTS.md");
    }
}
