package dev.vibe.runner.adapter.process;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.vibe.runner.domain.UserMessage;
import org.jspecify.annotations.Nullable;

/**
 * Turns a message into a line for Claude Code's stdin. Whatever comes in, the line is one JSON object that Claude survives:
 * measured with 2.1.197, text that is not JSON, a {@code user} without a message, with another role or with {@code content}
 * null, a {@code control_request} without a request and a {@code control_response} without a response end the process; {@link
 * ClaudeRequests} and {@link ContentBlocks} have more.
 */
final class ClaudeMessages {
    private ClaudeMessages() {}

    static ClaudeMessage of(UserMessage message) {
        return switch (message) {
            case UserMessage.Text(var text) -> user(text);
            case UserMessage.Structured(var json) -> structured(json);
        };
    }

    private static ClaudeMessage structured(String json) {
        JsonNode message = MessageText.parse(json);
        if (message == null) {
            return user(json);
        }
        String type = message.path("type").asText("");
        JsonNode response = message.path("response");
        if (type.equals("control_request") && isRequest(message)) {
            return request(message);
        }
        if (MessageText.isInterrupt(message)) {
            return new ClaudeMessage.Interrupt();
        }
        if (type.equals("control_response")) {
            return isAnswer(response)
                    ? new ClaudeMessage.Answer(
                            write(whole(message)), response.path("request_id").asText())
                    : new ClaudeMessage.Refused("a control_response was not passed on to Claude Code: its \"response\""
                            + " must have a \"request_id\" and a \"subtype\", both strings");
        }
        JsonNode content = MessageText.content(message);
        if (content == null) {
            return user(json);
        }
        boolean claudes = type.equals("user") && message.path("message").has("content");
        return claudes ? new ClaudeMessage.Said(write(message), uuid(message)) : user(content);
    }

    private static boolean isRequest(JsonNode message) {
        return message.path("request_id").isTextual()
                && message.path("request").path("subtype").isTextual();
    }

    private static boolean isAnswer(JsonNode response) {
        return response.path("request_id").isTextual()
                && response.path("subtype").isTextual();
    }

    /**
     * With what Claude wants of an answer to a permission prompt: a yes without the input is a no to it, with a parser's complaint for the model.
     * An empty input stands for the one that was asked about (measured with 2.1.197, also for inputs that were cut on their way to the server).
     */
    private static JsonNode whole(JsonNode message) {
        if (message.path("response").path("response") instanceof ObjectNode answer) {
            String behavior = answer.path("behavior").asText("");
            if (behavior.equals("allow") && !answer.path("updatedInput").isObject()) {
                answer.set("updatedInput", Json.object());
            } else if (behavior.equals("deny") && !answer.path("message").isTextual()) {
                answer.put("message", "The user does not want this to be done.");
            }
        }
        return message;
    }

    private static ClaudeMessage request(JsonNode message) {
        JsonNode request = message.path("request");
        String fault = ClaudeRequests.fault(request);
        return fault == null
                ? new ClaudeMessage.Request(
                        write(message), message.path("request_id").asText(), request)
                : new ClaudeMessage.Refused("the control_request "
                        + MessageText.shown(message.path("request_id").asText()) + " ("
                        + request.path("subtype").asText() + ") was not passed on to Claude Code: " + fault);
    }

    private static ClaudeMessage user(String text) {
        return wrapped(Json.quote(text));
    }

    private static ClaudeMessage user(JsonNode content) {
        return wrapped(write(content));
    }

    private static ClaudeMessage wrapped(String content) {
        return new ClaudeMessage.Said(
                "{\"type\":\"user\",\"message\":{\"role\":\"user\",\"content\":" + content + "}}", null);
    }

    private static @Nullable String uuid(JsonNode message) {
        JsonNode uuid = message.path("uuid");
        return uuid.isTextual() ? uuid.asText() : null;
    }

    static String write(JsonNode line) {
        try {
            return Json.write(line);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a JSON tree is always JSON", e);
        }
    }
}
