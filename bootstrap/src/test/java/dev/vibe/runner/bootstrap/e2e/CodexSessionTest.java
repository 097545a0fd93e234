package dev.vibe.runner.bootstrap.e2e;

class CodexSessionTest extends AgentScenarios {
    CodexSessionTest() {
        super(Agent.CODEX);
    }
}
