package dev.vibe.runner.adapter.process;

import com.fasterxml.jackson.databind.JsonNode;
import dev.vibe.runner.application.port.out.AgentPort;
import dev.vibe.runner.testkit.AgentContract;
import dev.vibe.runner.testkit.AgentRig;

class ClaudeContractTest extends AgentContract {
    @Override
    protected AgentRig newRig() {
        return new ModelRig() {
            @Override
            AgentPort port(ProcessSettings settings) {
                return ProcessAgents.claude(settings);
            }

            @Override
            String words(JsonNode message) {
                return message.path("type").asText().equals("assistant")
                        ? message.at("/message/content/0/text").asText()
                        : "";
            }

            @Override
            boolean endsTurn(JsonNode message) {
                return message.path("type").asText().equals("result");
            }
        };
    }
}
