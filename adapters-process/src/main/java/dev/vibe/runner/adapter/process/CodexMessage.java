package dev.vibe.runner.adapter.process;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.vibe.runner.domain.UserMessage;
import org.jspecify.annotations.Nullable;

/** What a message means to Codex. */
sealed interface CodexMessage {
    /** Input for a turn, in Codex's items. */
    record Turn(ArrayNode input) implements CodexMessage {}

    /** The answer to a request of Codex's, as JSON-RPC has it: with {@code id} and {@code result} or {@code error}. */
    record RpcAnswer(ObjectNode answer) implements CodexMessage {}

    /**
     * The same in Claude's shape: a {@code control_response} whose request id is Codex's id, as the number it is or as text.
     *
     * @param requestId as text; empty where there is none, which answers nothing
     */
    record ControlAnswer(String requestId, JsonNode response) implements CodexMessage {}

    /** End the turn. */
    record Interrupt() implements CodexMessage {}

    static CodexMessage of(UserMessage message) {
        return switch (message) {
            case UserMessage.Text(var text) -> new Turn(text(text));
            case UserMessage.Structured(var json) -> structured(json);
        };
    }

    private static CodexMessage structured(String json) {
        JsonNode message = MessageText.parse(json);
        if (message == null) {
            return new Turn(text(json));
        }
        if (MessageText.isInterrupt(message)) {
            return new Interrupt();
        }
        if (message instanceof ObjectNode object) {
            boolean answers = object.has("result") || object.path("error").isObject();
            JsonNode id = object.path("id");
            if (answers && (id.isIntegralNumber() || id.isTextual()) && !object.has("method")) {
                return new RpcAnswer(object);
            }
            // Whatever is wrong with it, it is no words for the model.
            if (object.path("type").asText("").equals("control_response")) {
                JsonNode response = object.path("response");
                JsonNode asked = response.path("request_id");
                return new ControlAnswer(asked.isTextual() || asked.isIntegralNumber() ? asked.asText() : "", response);
            }
        }
        JsonNode content = MessageText.content(message);
        ArrayNode items = content == null ? null : items(content);
        return new Turn(items == null ? text(json) : items);
    }

    private static ArrayNode text(String text) {
        ArrayNode items = JsonNodeFactory.instance.arrayNode();
        items.addObject().put("type", "text").put("text", text);
        return items;
    }

    /** Null where a block has no counterpart. */
    private static @Nullable ArrayNode items(JsonNode content) {
        if (content.isTextual()) {
            return text(content.asText());
        }
        ArrayNode items = JsonNodeFactory.instance.arrayNode();
        for (JsonNode block : content) {
            switch (block.path("type").asText()) {
                case "text" ->
                    items.addObject()
                            .put("type", "text")
                            .put("text", block.path("text").asText());
                case "image" -> {
                    String url = imageUrl(block.path("source"));
                    if (url == null) {
                        return null;
                    }
                    items.addObject().put("type", "image").put("url", url);
                }
                default -> {
                    return null;
                }
            }
        }
        return items;
    }

    private static @Nullable String imageUrl(JsonNode source) {
        if (source.path("url").isTextual()) {
            return source.path("url").asText();
        }
        boolean inline =
                source.path("data").isTextual() && source.path("media_type").isTextual();
        return inline
                ? "data:" + source.path("media_type").asText() + ";base64,"
                        + source.path("data").asText()
                : null;
    }
}
