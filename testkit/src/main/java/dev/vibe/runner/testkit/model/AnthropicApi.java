package dev.vibe.runner.testkit.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** {@code POST /v1/messages}, streaming and not. */
final class AnthropicApi implements Api {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private final AtomicInteger ids = new AtomicInteger();

    @Override
    public Prompt read(JsonNode request) {
        JsonNode messages = request.path("messages");
        String text = "";
        String result = null;
        for (JsonNode message : messages) {
            if (!"user".equals(message.path("role").asText())) {
                continue;
            }
            for (JsonNode block : blocks(message.path("content"))) {
                String type = block.path("type").asText();
                String said = block.path("text").asText();
                if ("tool_result".equals(type)) {
                    result = content(block.path("content"));
                } else if ("text".equals(type) && !Prompt.added(said)) {
                    text = said;
                    result = null;
                }
            }
        }
        return new Prompt(text, result, messages.size(), names(request.path("tools")));
    }

    @Override
    public void write(JsonNode request, Prompt prompt, Reply reply, Exchange exchange) throws IOException {
        String id = "msg_test_" + ids.incrementAndGet();
        switch (reply) {
            case Reply.Failure(int status) -> exchange.json(status, error(status));
            case Reply.Silence _ -> exchange.pause(Duration.ofDays(1));
            case Reply.Text text -> message(request, exchange, id, textBlock(), text, null);
            case Reply.Shell(var command) -> message(request, exchange, id, tool(id, "Bash"), null, bash(command));
            case Reply.WriteFile(var file) -> message(request, exchange, id, tool(id, "Write"), null, write(file));
        }
    }

    /** Sends a message of one block: {@code text} in deltas, or a tool's {@code input}. */
    private static void message(
            JsonNode request,
            Exchange exchange,
            String id,
            ObjectNode block,
            Reply.@Nullable Text text,
            @Nullable ObjectNode input)
            throws IOException {
        String stop = input == null ? "end_turn" : "tool_use";
        ObjectNode message = envelope(id, request.path("model").asText("test-model"));
        if (!request.path("stream").asBoolean()) {
            if (text != null) {
                exchange.pause(text.pause().multipliedBy(text.deltas().size()));
                block.put("text", text.whole());
            } else {
                block.set("input", input);
            }
            message.putArray("content").add(block);
            message.put("stop_reason", stop);
            exchange.json(200, message);
            return;
        }
        exchange.startEvents();
        exchange.event(event("message_start").set("message", message));
        exchange.event(event("content_block_start").put("index", 0).set("content_block", block));
        if (text != null) {
            for (String delta : text.deltas()) {
                exchange.pause(text.pause());
                exchange.event(delta("text_delta", "text", delta));
            }
        } else if (input != null) {
            exchange.event(delta("input_json_delta", "partial_json", input.toString()));
        }
        exchange.event(event("content_block_stop").put("index", 0));
        ObjectNode end = event("message_delta");
        end.putObject("delta").put("stop_reason", stop).putNull("stop_sequence");
        end.putObject("usage").put("output_tokens", 5);
        exchange.event(end);
        exchange.event(event("message_stop"));
    }

    private static ObjectNode envelope(String id, String model) {
        ObjectNode message =
                event("message").put("id", id).put("role", "assistant").put("model", model);
        message.putArray("content");
        message.putNull("stop_reason").putNull("stop_sequence");
        message.putObject("usage").put("input_tokens", 10).put("output_tokens", 1);
        return message;
    }

    private static ObjectNode event(String type) {
        return NODES.objectNode().put("type", type);
    }

    private static ObjectNode delta(String type, String field, String value) {
        ObjectNode event = event("content_block_delta").put("index", 0);
        event.putObject("delta").put("type", type).put(field, value);
        return event;
    }

    private static ObjectNode textBlock() {
        return event("text").put("text", "");
    }

    private static ObjectNode tool(String id, String name) {
        ObjectNode block = event("tool_use").put("id", "toolu_" + id).put("name", name);
        block.putObject("input");
        return block;
    }

    private static ObjectNode bash(String command) {
        return NODES.objectNode().put("command", command).put("description", "run a command");
    }

    private static ObjectNode write(String file) {
        return NODES.objectNode().put("file_path", file).put("content", "written\n");
    }

    private static ObjectNode error(int status) {
        ObjectNode body = event("error");
        body.putObject("error")
                .put("type", status == 529 ? "overloaded_error" : "api_error")
                .put("message", "the model server was told to answer " + status);
        return body;
    }

    /** A content is a string or blocks; a string counts as one text block. */
    private static Iterable<JsonNode> blocks(JsonNode content) {
        return content.isTextual() ? List.of(textBlock().put("text", content.asText())) : content;
    }

    private static String content(JsonNode content) {
        StringBuilder text = new StringBuilder();
        for (JsonNode block : blocks(content)) {
            text.append(block.path("text").asText());
        }
        return text.toString();
    }

    private static List<String> names(JsonNode tools) {
        List<String> names = new ArrayList<>();
        tools.forEach(tool -> names.add(tool.path("name").asText()));
        return names;
    }
}
