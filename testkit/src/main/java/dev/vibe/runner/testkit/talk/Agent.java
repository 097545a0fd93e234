package dev.vibe.runner.testkit.talk;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;

/** What a client of the server must know of an agent: how its messages read. */
public enum Agent {
    CLAUDE {
        @Override
        public boolean endsTurn(JsonNode message) {
            return is(message, "type", "result");
        }

        @Override
        public boolean says(JsonNode message) {
            return is(message, "type", "assistant")
                    && message.at("/message/content/0").has("text");
        }

        @Override
        public String words(JsonNode message) {
            return message.at("/message/content/0/text").asText();
        }

        @Override
        public boolean failed(JsonNode end) {
            return end.path("is_error").asBoolean()
                    && end.path("api_error_status").asInt() == 400;
        }

        @Override
        public boolean interrupted(JsonNode end) {
            return end.path("terminal_reason").asText().startsWith("aborted");
        }

        @Override
        public boolean asksPermission(JsonNode message) {
            return is(message, "type", "control_request")
                    && message.at("/request/subtype").asText().equals("can_use_tool");
        }

        @Override
        public JsonNode answer(JsonNode request, boolean allow) {
            ObjectNode verdict = object("behavior", allow ? "allow" : "deny");
            if (allow) {
                verdict.set("updatedInput", request.at("/request/input"));
            } else {
                verdict.put("message", "the user said no");
            }
            ObjectNode response = object("subtype", "success")
                    .put("request_id", request.path("request_id").asText());
            response.set("response", verdict);
            return object("type", "control_response").set("response", response);
        }

        @Override
        public boolean partial(JsonNode message) {
            return is(message, "type", "stream_event")
                    && message.at("/event/delta").has("text");
        }
    },

    CODEX {
        @Override
        public boolean endsTurn(JsonNode message) {
            return is(message, "method", "turn/completed");
        }

        @Override
        public boolean says(JsonNode message) {
            return is(message, "method", "item/completed")
                    && message.at("/params/item/type").asText().equals("agentMessage");
        }

        @Override
        public String words(JsonNode message) {
            return message.at("/params/item/text").asText();
        }

        @Override
        public boolean failed(JsonNode end) {
            return status(end).equals("failed");
        }

        @Override
        public boolean interrupted(JsonNode end) {
            return status(end).equals("interrupted");
        }

        @Override
        public boolean asksPermission(JsonNode message) {
            return is(message, "method", "item/commandExecution/requestApproval");
        }

        @Override
        public JsonNode answer(JsonNode request, boolean allow) {
            ObjectNode answer = JsonNodeFactory.instance.objectNode();
            answer.set("id", request.path("id"));
            return answer.set("result", object("decision", allow ? "accept" : "decline"));
        }

        @Override
        public boolean partial(JsonNode message) {
            return is(message, "method", "item/agentMessage/delta");
        }

        private static String status(JsonNode end) {
            return end.at("/params/turn/status").asText();
        }
    };

    /** As the protocol calls it. */
    public String type() {
        return switch (this) {
            case CLAUDE -> "claude";
            case CODEX -> "codex";
        };
    }

    /** Whether the message is the last of a turn. */
    public abstract boolean endsTurn(JsonNode message);

    /** Whether the message holds words of the model, whole. */
    public abstract boolean says(JsonNode message);

    /** The words of a message that {@link #says}. */
    public abstract String words(JsonNode message);

    /** Whether a turn that ended so failed by the API's answer 400. */
    public abstract boolean failed(JsonNode end);

    /** Whether a turn that ended so was interrupted. */
    public abstract boolean interrupted(JsonNode end);

    /** Whether the message asks to run a tool. */
    public abstract boolean asksPermission(JsonNode message);

    /** The answer to a message that {@link #asksPermission}. */
    public abstract JsonNode answer(JsonNode request, boolean allow);

    /** Whether the message is a token delta. */
    public abstract boolean partial(JsonNode message);

    private static boolean is(JsonNode message, String field, String value) {
        return message.path(field).asText().equals(value);
    }

    private static ObjectNode object(String field, String value) {
        return JsonNodeFactory.instance.objectNode().setAll(Map.of(field, JsonNodeFactory.instance.textNode(value)));
    }
}
