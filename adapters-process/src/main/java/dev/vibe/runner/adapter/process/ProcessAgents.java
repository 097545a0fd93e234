package dev.vibe.runner.adapter.process;

import dev.vibe.runner.application.port.out.AgentPort;

/** Makes the agents of this module; for bootstrap. */
public final class ProcessAgents {
    private ProcessAgents() {}

    /** Anthropic's Claude Code. */
    public static AgentPort claude(ProcessSettings settings) {
        return new ClaudeAgent(settings, new Launcher(settings, new ProcFs()));
    }

    /** OpenAI's Codex CLI. */
    public static AgentPort codex(ProcessSettings settings) {
        return new CodexAgent(settings, new Launcher(settings, new ProcFs()));
    }

    /** The agent that follows a script, for tests and demos. Always there. */
    public static AgentPort scripted(ProcessSettings settings) {
        return new ScriptedAgent(new Launcher(settings, new ProcFs()), settings.runnerVersion());
    }
}
