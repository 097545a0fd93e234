package dev.vibe.runner.bootstrap.replay;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import org.jspecify.annotations.Nullable;

/**
 * One line of a recording.
 *
 * @param millis since its begin; null where it does not say
 * @param way which way it went
 * @param text as it was
 * @param json the same, where it is a JSON object
 */
record Entry(
        @Nullable Long millis,
        Way way,
        String text,
        @Nullable JsonNode json) {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    /** Which way a line went. */
    enum Way {
        /** The agent's command line. */
        COMMAND,
        /** To the agent. */
        IN,
        /** From the agent. */
        OUT,
        /** The agent's stderr. */
        ERR,
        /** How it ended. */
        EXIT
    }

    /** Reads a line in any of the known forms; see docs/tools.md. */
    static Entry read(String line) {
        JsonNode node = object(line);
        if (node == null) {
            return new Entry(null, Way.OUT, line, null);
        }
        if (node.has("dir") && node.has("line")) {
            String text = node.path("line").asText();
            Long millis = node.path("t").isNumber() ? node.path("t").asLong() : null;
            return new Entry(millis, way(node.path("dir").asText()), text, object(text));
        }
        JsonNode event = node.path("payload").has("sessionId") ? node.path("payload") : node;
        if (event.has("sessionId")
                && event.has("message")
                && event.path("type").asText().matches("stdout|stderr")) {
            JsonNode message = event.path("message");
            Way way = event.path("type").asText().equals("stderr") ? Way.ERR : Way.OUT;
            String text = message.path("content").isTextual() && message.has("source")
                    ? message.path("content").asText()
                    : message.toString();
            return new Entry(null, way, text, way == Way.ERR ? null : object(text));
        }
        return new Entry(null, Way.OUT, line, node);
    }

    private static Way way(String direction) {
        return switch (direction) {
            case "argv" -> Way.COMMAND;
            case "in" -> Way.IN;
            case "err" -> Way.ERR;
            case "exit" -> Way.EXIT;
            default -> Way.OUT;
        };
    }

    private static @Nullable JsonNode object(String text) {
        if (!text.stripLeading().startsWith("{")) {
            return null;
        }
        try {
            JsonNode node = JSON.readTree(text);
            return node.isObject() ? node : null;
        } catch (JsonProcessingException malformed) {
            return null;
        }
    }
}
