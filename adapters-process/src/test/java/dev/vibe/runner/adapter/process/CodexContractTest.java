package dev.vibe.runner.adapter.process;

import com.fasterxml.jackson.databind.JsonNode;
import dev.vibe.runner.application.port.out.AgentPort;
import dev.vibe.runner.testkit.AgentContract;
import dev.vibe.runner.testkit.AgentRig;

class CodexContractTest extends AgentContract {
    @Override
    protected AgentRig newRig() {
        return new ModelRig() {
            @Override
            AgentPort port(ProcessSettings settings) {
                return ProcessAgents.codex(settings);
            }

            @Override
            String words(JsonNode message) {
                return message.path("method").asText().equals("item/completed")
                                && message.at("/params/item/type").asText().equals("agentMessage")
                        ? message.at("/params/item/text").asText()
                        : "";
            }

            @Override
            boolean endsTurn(JsonNode message) {
                return message.path("method").asText().equals("turn/completed");
            }
        };
    }
}
