package dev.vibe.runner.bootstrap.replay;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Locale;

/** The lines of {@code codex app-server} (methods), {@code codex exec --json} (types with a dot) and Codex's own rollouts. */
final class CodexLines {
    private CodexLines() {}

    /** Empty for what is only between programs. */
    static List<Shown> of(JsonNode line) {
        JsonNode params = line.path("params");
        String name = line.has("method")
                ? line.path("method").asText()
                : line.path("type").asText();
        return switch (name.replace('.', '/')) {
            case "thread/started" -> {
                String thread = params.path("thread")
                        .path("id")
                        .asText(line.path("thread_id").asText());
                yield List.of(new Shown("begins", "codex, thread " + thread));
            }
            case "item/completed" -> item(params.has("item") ? params.path("item") : line.path("item"));
            case "item/commandExecution/requestApproval", "item/fileChange/requestApproval" ->
                List.of(new Shown(
                        "asks",
                        "may I? "
                                + params.path("command")
                                        .asText(params.path("reason").asText())));
            case "turn/completed" ->
                List.of(new Shown(
                        "result", "turn " + params.path("turn").path("status").asText("over")));
            case "turn/failed", "error" ->
                List.of(new Shown(
                        "failed",
                        params.path("error")
                                .path("message")
                                .asText(line.path("message").asText())));
            case "turn/interrupt" -> List.of(new Shown("user", "[interrupt]"));
            case "response_item" -> rollout(line.path("payload"));
            default -> decision(line.path("result"));
        };
    }

    private static List<Shown> item(JsonNode item) {
        String type = item.path("type").asText().replace("_", "").toLowerCase(Locale.ROOT);
        return switch (type) {
            case "usermessage" -> List.of(new Shown("user", texts(item.path("content"))));
            case "agentmessage" -> List.of(new Shown("agent", item.path("text").asText()));
            case "reasoning" -> List.of(new Shown("thinks", texts(item.path("summary"))));
            case "commandexecution" -> {
                String output = item.path("aggregatedOutput")
                        .asText(item.path("aggregated_output").asText(""));
                String status = item.path("status").asText();
                yield List.of(
                        new Shown("tool", item.path("command").asText()),
                        new Shown(
                                status.equals("completed") ? "output" : "failed",
                                output.isEmpty() ? "[" + status + "]" : output));
            }
            case "error" -> List.of(new Shown("failed", item.path("message").asText()));
            default -> List.of(new Shown("tool", "[" + item.path("type").asText() + "]"));
        };
    }

    private static List<Shown> rollout(JsonNode payload) {
        return switch (payload.path("type").asText()) {
            case "message" ->
                List.of(new Shown(
                        payload.path("role").asText().equals("assistant") ? "agent" : "user",
                        texts(payload.path("content"))));
            case "function_call" ->
                List.of(new Shown(
                        "tool",
                        payload.path("name").asText() + " "
                                + payload.path("arguments").asText()));
            case "function_call_output" ->
                List.of(new Shown("output", payload.path("output").asText()));
            default -> List.of();
        };
    }

    private static List<Shown> decision(JsonNode result) {
        return result.has("decision")
                ? List.of(new Shown("user", "[" + result.path("decision").asText() + "]"))
                : List.of();
    }

    private static String texts(JsonNode content) {
        if (content.isTextual()) {
            return content.asText();
        }
        StringBuilder all = new StringBuilder();
        for (JsonNode block : content) {
            all.append(block.isTextual() ? block.asText() : block.path("text").asText(""))
                    .append('\n');
        }
        return all.toString().strip();
    }
}
