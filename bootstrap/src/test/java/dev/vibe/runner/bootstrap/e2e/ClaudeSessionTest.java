package dev.vibe.runner.bootstrap.e2e;

class ClaudeSessionTest extends AgentScenarios {
    ClaudeSessionTest() {
        super(Agent.CLAUDE);
    }
}
