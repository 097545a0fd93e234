package dev.vibe.runner.adapter.process;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/**
 * A request of Codex's that waits for the user.
 *
 * @param id as Codex wrote it: a number or a string
 * @param permissions what it asks for where it asks for permissions, as JSON; empty otherwise. A text, since many are kept and a tree is far larger
 */
record CodexApproval(JsonNode id, String method, String permissions) {
    private static final int DECLINED = -32000;
    private static final String FOR_PERMISSIONS = "item/permissions/requestApproval";
    /** Real ones are far shorter. Many are kept, so each must be small. */
    private static final int LONGEST_NAME = 256;

    private static final int LONGEST_PERMISSIONS = 16 * 1024;

    /**
     * What must be known of a request to answer it.
     *
     * @param length of its line, which may hold whole files
     * @return null where it is none that a Codex would write
     */
    static @Nullable CodexApproval of(JsonNode id, String method, JsonNode params, int length) {
        boolean forPermissions = method.equals(FOR_PERMISSIONS);
        boolean small = id.isValueNode() && id.asText().length() <= LONGEST_NAME && method.length() <= LONGEST_NAME;
        if (!small || (forPermissions && length > LONGEST_PERMISSIONS)) {
            return null;
        }
        JsonNode wanted = params.path("permissions");
        return new CodexApproval(
                id, method, forPermissions && !wanted.isMissingNode() ? ClaudeMessages.write(wanted) : "");
    }

    private JsonNode wanted() {
        try {
            return permissions.isEmpty() ? Json.object() : Json.read(permissions);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("it was written here", impossible);
        }
    }

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
            case FOR_PERMISSIONS -> result.set("permissions", allow ? wanted() : Json.object());
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
