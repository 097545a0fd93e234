package dev.vibe.runner.adapter.process;

import dev.vibe.runner.application.port.out.AgentPort;

/** Makes the agents of this module; for bootstrap. */
public final class ProcessAgents {
    private ProcessAgents() {}

    /** Anthropic's Claude Code. */
    public static AgentPort claude(ProcessSettings settings) {
        return new ClaudeAgent(settings, launcher(settings));
    }

    /** OpenAI's Codex CLI. */
    public static AgentPort codex(ProcessSettings settings) {
        return new CodexAgent(settings, launcher(settings));
    }

    /** The agent that follows a script, for tests and demos. Always there. */
    public static AgentPort scripted(ProcessSettings settings) {
        return new ScriptedAgent(launcher(settings), settings.runnerVersion());
    }

    private static Launcher launcher(ProcessSettings settings) {
        return new Launcher(settings, new ProcessTable(new ProcFs()));
    }
}
