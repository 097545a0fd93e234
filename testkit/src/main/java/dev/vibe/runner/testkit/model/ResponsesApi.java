package dev.vibe.runner.testkit.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** {@code POST /v1/responses}, streaming: Codex asks for nothing else. */
final class ResponsesApi implements Api {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private final AtomicInteger ids = new AtomicInteger();

    @Override
    public Prompt read(JsonNode request) {
        JsonNode items = request.path("input");
        String text = "";
        String result = null;
        for (JsonNode item : items) {
            String type = item.path("type").asText();
            if (type.endsWith("_call_output")) {
                result = output(item.path("output"));
            } else if ("message".equals(type) && "user".equals(item.path("role").asText())) {
                for (JsonNode part : item.path("content")) {
                    String said = part.path("text").asText();
                    if (!Prompt.added(said)) {
                        text = said;
                        result = null;
                    }
                }
            }
        }
        List<String> tools = new ArrayList<>();
        request.path("tools").forEach(tool -> tools.add(tool.path("name").asText()));
        return new Prompt(text, result, items.size(), tools);
    }

    @Override
    public void write(JsonNode request, Prompt prompt, Reply reply, Exchange exchange) throws IOException {
        String id = "resp_test_" + ids.incrementAndGet();
        switch (reply) {
            case Reply.Failure(int status) -> exchange.json(status, error(status));
            case Reply.Silence _ -> exchange.pause(Duration.ofDays(1));
            case Reply.Text text -> text(exchange, id, text);
            case Reply.Shell(var command) -> call(exchange, id, ShellCall.of(prompt.tools(), command));
            case Reply.WriteFile(var file) ->
                call(exchange, id, ShellCall.of(prompt.tools(), "echo written > '" + file + "'"));
        }
    }

    private static void text(Exchange exchange, String id, Reply.Text text) throws IOException {
        ObjectNode item = event("message").put("id", "msg_" + id).put("role", "assistant");
        item.put("status", "in_progress").putArray("content");
        start(exchange, id, item);
        for (String delta : text.deltas()) {
            exchange.pause(text.pause());
            exchange.event(event("response.output_text.delta")
                    .put("item_id", "msg_" + id)
                    .put("output_index", 0)
                    .put("content_index", 0)
                    .put("delta", delta));
        }
        item.put("status", "completed")
                .putArray("content")
                .add(event("output_text").put("text", text.whole()).set("annotations", NODES.arrayNode()));
        finish(exchange, id, item);
    }

    private static void call(Exchange exchange, String id, ShellCall call) throws IOException {
        ObjectNode item = event("function_call")
                .put("id", "fc_" + id)
                .put("call_id", "call_" + id)
                .put("name", call.tool())
                .put("arguments", call.arguments().toString());
        start(exchange, id, item);
        finish(exchange, id, item);
    }

    private static void start(Exchange exchange, String id, ObjectNode item) throws IOException {
        exchange.startEvents();
        exchange.event(
                event("response.created").set("response", NODES.objectNode().put("id", id)));
        exchange.event(
                event("response.output_item.added").put("output_index", 0).set("item", item));
    }

    private static void finish(Exchange exchange, String id, ObjectNode item) throws IOException {
        exchange.event(event("response.output_item.done").put("output_index", 0).set("item", item));
        ObjectNode completed = event("response.completed");
        ObjectNode usage = completed.putObject("response").put("id", id).putObject("usage");
        usage.put("input_tokens", 10).put("output_tokens", 5).put("total_tokens", 15);
        usage.putNull("input_tokens_details").putNull("output_tokens_details");
        exchange.event(completed);
    }

    private static ObjectNode event(String type) {
        return NODES.objectNode().put("type", type);
    }

    private static ObjectNode error(int status) {
        ObjectNode body = NODES.objectNode();
        body.putObject("error")
                .put("type", "test_error")
                .put("message", "the model server was told to answer " + status);
        return body;
    }

    /** An output is a string or a list of texts. */
    private static String output(JsonNode output) {
        if (output.isTextual()) {
            return output.asText();
        }
        StringBuilder text = new StringBuilder();
        output.forEach(part -> text.append(part.path("text").asText()));
        return text.toString();
    }
}
