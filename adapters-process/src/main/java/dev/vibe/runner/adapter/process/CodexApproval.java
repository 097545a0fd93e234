package dev.vibe.runner.adapter.process;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * A request of Codex's that waits for the user.
 *
 * @param id as Codex wrote it: a number or a string
 * @param params of the request
 */
record CodexApproval(JsonNode id, String method, JsonNode params) {
    private static final int DECLINED = -32000;

    /** The user's yes or no, said in Claude's words, in those that this request's method knows. */
    ObjectNode answer(JsonNode controlResponse) {
        JsonNode inner = controlResponse.path("response");
        boolean allow = controlResponse.path("subtype").asText("").equals("success")
                && inner.path("behavior").asText("").equals("allow");
        boolean stop = inner.path("interrupt").asBoolean(false);
        String message = inner.path("message").asText("The user declined");
        ObjectNode answer = Json.object();
        answer.set("id", id);
        ObjectNode result = Json.object();
        switch (method) {
            case "item/commandExecution/requestApproval", "item/fileChange/requestApproval" ->
                result.put("decision", allow ? "accept" : stop ? "cancel" : "decline");
            case "execCommandApproval", "applyPatchApproval" -> {
                if (allow || stop) {
                    result.put("decision", allow ? "approved" : "abort");
                } else {
                    result.putObject("decision").putObject("denied").put("rejection", message);
                }
            }
            case "item/permissions/requestApproval" ->
                result.set("permissions", allow ? params.path("permissions") : Json.object());
            case "mcpServer/elicitation/request" -> {
                result.put("action", allow ? "accept" : stop ? "cancel" : "decline");
                if (allow && inner.path("updatedInput").isObject()) {
                    result.set("content", inner.path("updatedInput"));
                }
            }
            case "item/tool/requestUserInput" -> {
                JsonNode answers = inner.path("updatedInput").path("answers");
                result.set("answers", allow && answers.isObject() ? answers : Json.object());
            }
            default -> {
                if (!allow) {
                    answer.putObject("error").put("code", DECLINED).put("message", message);
                    return answer;
                }
                JsonNode input = inner.path("updatedInput");
                result = input instanceof ObjectNode object ? object : result;
            }
        }
        answer.set("result", result);
        return answer;
    }
}
