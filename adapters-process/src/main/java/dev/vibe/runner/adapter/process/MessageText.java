package dev.vibe.runner.adapter.process;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/** The forms of a message that mean the same to every agent. */
public final class MessageText {
    private static final int MAX_SHOWN = 80;
    private static final int MAX_REASON = 1_000;

    private MessageText() {}

    /** The JSON value of a structured message; null where it is none after all. */
    public static @Nullable JsonNode parse(String json) {
        try {
            JsonNode node = Json.read(json);
            return node.isMissingNode() ? null : node;
        } catch (JsonProcessingException e) {
            return null;
        }
    }

    /**
     * What the user says in this message: a string, or an array of content blocks. Understood are a JSON string, {@code
     * {text}}, {@code {content}} and Claude's {@code user} message.
     *
     * @return null where it is none of these
     */
    public static @Nullable JsonNode content(JsonNode message) {
        if (message.isTextual()) {
            return message;
        }
        if (!(message instanceof ObjectNode object)) {
            return null;
        }
        String type = object.path("type").asText("");
        if (type.equals("user")) {
            JsonNode inner = object.path("message");
            return inner.path("role").asText("").equals("user") ? contentOf(inner) : null;
        }
        boolean plain = !object.has("type") || type.equals("text") || type.equals("message");
        boolean theUsers = !object.has("role") || object.path("role").asText("").equals("user");
        return plain && theUsers ? contentOf(object) : null;
    }

    private static @Nullable JsonNode contentOf(JsonNode object) {
        JsonNode content = object.get("content");
        if (content == null) {
            JsonNode text = object.get("text");
            return text != null && text.isTextual() ? text : null;
        }
        return content.isTextual() || ContentBlocks.whole(content) ? content : null;
    }

    /** True for Claude's shape of an interrupt, which every agent of this runner takes. */
    public static boolean isInterrupt(JsonNode message) {
        return message.path("type").asText("").equals("control_request")
                && message.path("request").path("subtype").asText("").equals("interrupt");
    }

    /** An agent's words of unknown length, as the reason of something. */
    static String reason(String text) {
        return text.length() <= MAX_REASON ? text : text.substring(0, MAX_REASON) + "...";
    }

    /** A text of unknown length, as it is shown in a sentence. */
    static String shown(String text) {
        return text.length() <= MAX_SHOWN ? text : text.substring(0, MAX_SHOWN) + "...";
    }
}
