package dev.vibe.runner.bootstrap.replay;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** Claude Code's lines, and those of the scripted agent, which are alike. */
final class ClaudeLines {
    private ClaudeLines() {}

    /** Empty for what is only between programs. */
    static List<Shown> of(JsonNode line) {
        return switch (line.path("type").asText()) {
            case "user", "assistant" -> message(line);
            case "result" -> List.of(result(line));
            case "system" -> system(line);
            case "control_request" -> request(line.path("request"));
            case "control_response" -> response(line.path("response").path("response"));
            case "vibe" -> List.of(new Shown("runner", line.path("text").asText(line.toString())));
            default -> List.of();
        };
    }

    private static List<Shown> message(JsonNode line) {
        String who = line.path("type").asText().equals("user") ? "user" : "agent";
        JsonNode content = line.path("message").path("content");
        if (content.isTextual()) {
            return List.of(new Shown(who, content.asText()));
        }
        List<Shown> shown = new ArrayList<>();
        for (JsonNode block : content) {
            switch (block.path("type").asText()) {
                case "text" -> shown.add(new Shown(who, block.path("text").asText()));
                case "thinking" ->
                    shown.add(new Shown("thinks", block.path("thinking").asText()));
                case "tool_use" ->
                    shown.add(new Shown("tool", block.path("name").asText() + " " + input(block.path("input"))));
                case "tool_result" ->
                    shown.add(new Shown(
                            block.path("is_error").asBoolean() ? "failed" : "output", text(block.path("content"))));
                default -> shown.add(new Shown(who, "[" + block.path("type").asText() + "]"));
            }
        }
        return shown;
    }

    /** A command alone reads better than the object around it. */
    private static String input(JsonNode input) {
        return input.has("command") ? input.path("command").asText() : input.toString();
    }

    private static String text(JsonNode content) {
        if (content.isTextual()) {
            return content.asText();
        }
        StringBuilder all = new StringBuilder();
        for (JsonNode block : content) {
            all.append(block.path("text").asText(block.path("type").asText())).append('\n');
        }
        return all.toString().strip();
    }

    private static Shown result(JsonNode line) {
        StringBuilder text = new StringBuilder("turn over");
        if (line.path("is_error").asBoolean()) {
            text.append(", with an error (")
                    .append(line.path("subtype").asText())
                    .append(")");
        }
        if (line.has("num_turns")) {
            text.append(", ").append(line.path("num_turns").asText()).append(" model turns");
        }
        if (line.has("duration_ms")) {
            text.append(", ").append(line.path("duration_ms").asText()).append(" ms");
        }
        if (line.has("total_cost_usd")) {
            text.append(", $").append(line.path("total_cost_usd").decimalValue().toPlainString());
        }
        return new Shown("result", text.toString());
    }

    private static List<Shown> system(JsonNode line) {
        return switch (line.path("subtype").asText()) {
            case "init" ->
                List.of(new Shown(
                        "begins",
                        line.path("model").asText("agent") + " in "
                                + line.path("cwd").asText("?") + ", session "
                                + line.path("session_id").asText()));
            case "api_retry" ->
                List.of(new Shown(
                        "retries",
                        "attempt " + line.path("attempt").asText() + " of "
                                + line.path("max_retries").asText() + ": "
                                + line.path("error").asText()));
            default -> List.of();
        };
    }

    private static List<Shown> request(JsonNode request) {
        return switch (request.path("subtype").asText()) {
            case "can_use_tool" ->
                List.of(new Shown(
                        "asks", "may I? " + request.path("tool_name").asText() + " " + input(request.path("input"))));
            case "interrupt" -> List.of(new Shown("user", "[interrupt]"));
            default -> List.of();
        };
    }

    private static List<Shown> response(JsonNode response) {
        String behavior = response.path("behavior").asText();
        return behavior.isEmpty()
                ? List.of()
                : List.of(new Shown(
                        "user",
                        ("[" + behavior + "] " + response.path("message").asText()).strip()));
    }
}
