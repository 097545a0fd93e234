package dev.vibe.runner.adapter.process;

import dev.vibe.runner.application.port.out.AgentPort;
import dev.vibe.runner.domain.AgentType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

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

    /**
     * Another agent, found in PATH and the usual places by the name of its type; docs/add-an-agent.md.
     *
     * @param arguments after the executable
     * @param dialect makes the conversation for one process
     */
    public static AgentPort program(
            ProcessSettings settings, AgentType type, List<String> arguments, Function<Dialect.Host, Dialect> dialect) {
        return new ProgramAgent(settings, launcher(settings), type, arguments, dialect);
    }

    /**
     * A shell that takes Claude Code's place: for a session that is only to warm up what a real one needs. It is given nothing of
     * the runner's environment.
     *
     * @param directory where it runs
     * @param beforeStart as {@link ProcessSettings#beforeStart}
     */
    public static AgentPort warmUp(Path directory, Runnable beforeStart) {
        ProcessSettings defaults = ProcessSettings.defaults(Map.of(), directory);
        return new WarmUpAgent(launcher(defaults.withBeforeStart(beforeStart)));
    }

    /**
     * Which of the two a runner with these settings would find now. Starts nothing.
     *
     * @param claude where Claude Code is, if that is said
     * @param codex where Codex is, if that is said
     */
    public static List<AgentType> installed(
            Map<String, String> environment, @Nullable Path claude, @Nullable Path codex) {
        ExecutableFinder finder = new ExecutableFinder(environment);
        List<AgentType> found = new ArrayList<>();
        finder.find(ClaudeAgent.NAME, claude).ifPresent(_ -> found.add(AgentType.CLAUDE));
        finder.find(CodexAgent.NAME, codex).ifPresent(_ -> found.add(AgentType.CODEX));
        return found;
    }

    private static Launcher launcher(ProcessSettings settings) {
        return new Launcher(settings, new ProcessTable(new ProcFs()));
    }
}
