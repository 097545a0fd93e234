package dev.vibe.runner.adapter.process;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.vibe.runner.domain.UserMessage;

/**
 * Turns a message into a line for Claude Code's stdin. Whatever comes in, the line is one JSON object that Claude survives:
 * measured with 2.1.197, text that is not JSON, a {@code user} without a message, with another role or with {@code content}
 * null, a {@code control_request} without a request and a {@code control_response} without a response end the process.
 */
final class ClaudeMessages {
    private ClaudeMessages() {}

    static String line(UserMessage message) {
        return switch (message) {
            case UserMessage.Text(var text) -> user(text);
            case UserMessage.Structured(var json) -> structured(json);
        };
    }

    private static String structured(String json) {
        JsonNode message = MessageText.parse(json);
        if (message == null) {
            return user(json);
        }
        if (isClaudes(message)) {
            return write(message);
        }
        JsonNode content = MessageText.content(message);
        return content == null ? user(json) : user(content);
    }

    private static boolean isClaudes(JsonNode message) {
        return switch (message.path("type").asText("")) {
            case "user" ->
                message.path("message").path("role").asText("").equals("user") && MessageText.content(message) != null;
            case "control_request" ->
                message.path("request_id").isTextual()
                        && message.path("request").path("subtype").isTextual();
            case "control_response" ->
                message.path("response").path("request_id").isTextual()
                        && message.path("response").path("subtype").isTextual();
            default -> false;
        };
    }

    private static String user(String text) {
        return wrapped(Json.quote(text));
    }

    private static String user(JsonNode content) {
        return wrapped(write(content));
    }

    private static String wrapped(String content) {
        return "{\"type\":\"user\",\"message\":{\"role\":\"user\",\"content\":" + content + "}}";
    }

    static String write(JsonNode line) {
        try {
            return Json.write(line);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a JSON tree is always JSON", e);
        }
    }
}
