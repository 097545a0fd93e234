package dev.vibe.runner.adapter.process;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/** What a message means to Claude Code. */
sealed interface ClaudeMessage {
    /**
     * What the user says: it begins a turn, or joins the one under way.
     *
     * @param uuid of the message, null where it bears none
     */
    record Said(String line, @Nullable String uuid) implements ClaudeMessage {}

    /** The turn under way is to end, in words that Claude itself would not understand. */
    record Interrupt() implements ClaudeMessage {}

    /** A request to Claude Code itself, which is no turn. */
    record Request(String line, String requestId, JsonNode request) implements ClaudeMessage {}

    /** The answer to a request of Claude's, a permission prompt mostly. */
    record Answer(String line, String requestId) implements ClaudeMessage {}

    /** A request or an answer that Claude must not get. */
    record Refused(String why) implements ClaudeMessage {}
}
