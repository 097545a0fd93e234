package dev.vibe.runner.bootstrap.e2e;

import dev.vibe.runner.testkit.talk.Agent;

class ClaudeSessionTest extends AgentScenarios {
    ClaudeSessionTest() {
        super(Agent.CLAUDE);
    }
}
