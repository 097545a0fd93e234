package dev.vibe.runner.adapter.process;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What Claude Code's own requests must have. It does not look for itself: measured with 2.1.197, {@code set_model} with a
 * number, {@code mcp_set_servers} without servers or with one that is null, {@code mcp_call} without a tool, {@code rewind_conversation} without its
 * target and {@code apply_flag_settings} without settings are never answered, nor is anything after them. A request that is not known here is Claude's to judge.
 */
final class ClaudeRequests {
    private ClaudeRequests() {}

    /** What is wrong with a request, for people; null where nothing is. */
    static @Nullable String fault(JsonNode request) {
        return switch (request.path("subtype").asText()) {
            case "set_permission_mode" -> fault(request, "mode", JsonNode::isTextual, "a string");
            case "set_model" -> fault(request, "model", node -> absent(node) || node.isTextual(), "a string or null");
            case "set_max_thinking_tokens" ->
                fault(request, "max_thinking_tokens", node -> absent(node) || node.isNumber(), "a number or null");
            case "mcp_set_servers" -> fault(request, "servers", ClaudeRequests::servers, "an object of objects");
            case "rewind_conversation" -> fault(request, "target_message_uuid", JsonNode::isTextual, "a string");
            case "mcp_call" -> fault(request, "tool", JsonNode::isTextual, "a string");
            case "apply_flag_settings" -> fault(request, "settings", JsonNode::isObject, "an object");
            default -> null;
        };
    }

    private static @Nullable String fault(JsonNode request, String field, Predicate<JsonNode> good, String wanted) {
        return good.test(request.path(field)) ? null : "its \"" + field + "\" must be " + wanted;
    }

    private static boolean servers(JsonNode node) {
        return node.isObject() && node.valueStream().allMatch(JsonNode::isObject);
    }

    private static boolean absent(JsonNode node) {
        return node.isMissingNode() || node.isNull();
    }
}
