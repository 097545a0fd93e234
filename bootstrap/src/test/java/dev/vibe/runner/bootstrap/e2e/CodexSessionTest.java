package dev.vibe.runner.bootstrap.e2e;

import dev.vibe.runner.testkit.talk.Agent;

class CodexSessionTest extends AgentScenarios {
    CodexSessionTest() {
        super(Agent.CODEX);
    }
}
