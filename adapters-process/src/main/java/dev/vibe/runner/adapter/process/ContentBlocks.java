package dev.vibe.runner.adapter.process;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;

/**
 * Whether content blocks are whole. Measured with Claude Code 2.1.197: an image without a source, or without the data of it, and
 * a tool's result whose content is a number end the process; a document without a source makes this turn and all later ones fail.
 */
final class ContentBlocks {
    private ContentBlocks() {}

    /** True for a list of blocks, with at least one in it, of which each has what its type needs. Unknown types are the agent's to judge. */
    static boolean whole(JsonNode content) {
        if (!(content instanceof ArrayNode array) || array.isEmpty()) {
            return false;
        }
        for (JsonNode block : array) {
            if (!block.path("type").isTextual() || !has(block)) {
                return false;
            }
        }
        return true;
    }

    private static boolean has(JsonNode block) {
        JsonNode source = block.path("source");
        return switch (block.path("type").asText()) {
            case "text" -> block.path("text").isTextual();
            case "image" -> source(source);
            case "document" -> source(source) || documentSource(source);
            case "tool_result" -> resultContent(block.path("content"));
            default -> true;
        };
    }

    private static boolean resultContent(JsonNode content) {
        return content.isMissingNode()
                || content.isTextual()
                || (content instanceof ArrayNode array && array.isEmpty())
                || whole(content);
    }

    private static boolean source(JsonNode source) {
        return switch (source.path("type").asText("")) {
            case "base64" ->
                source.path("media_type").isTextual() && source.path("data").isTextual();
            case "url" -> source.path("url").isTextual();
            case "file" -> source.path("file_id").isTextual();
            default -> false;
        };
    }

    private static boolean documentSource(JsonNode source) {
        JsonNode content = source.path("content");
        return switch (source.path("type").asText("")) {
            case "text" -> source.path("data").isTextual();
            case "content" -> content.isTextual() || whole(content);
            default -> false;
        };
    }
}
