package dev.vibe.runner.bootstrap;

import dev.vibe.runner.application.port.out.AgentPort;
import dev.vibe.runner.application.port.out.TransportPort;
import dev.vibe.runner.domain.AgentInfo;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/** Parts of the runner by themselves, for commands that try them out: the very ones that a run uses. */
public final class Parts {
    private final RunnerSettings settings;
    private final BuildInfo build = BuildInfo.load();
    private final Redactor redactor;
    private final Machine machine = Machine.look();

    /** Opens nothing yet. */
    public Parts(RunnerSettings settings) {
        this.settings = settings;
        this.redactor = new Redactor(Secrets.neverLogged(settings));
    }

    /** A transport of its own, not open. */
    public TransportPort transport() {
        return TransportModule.transport(settings, () -> settings.token().value());
    }

    /**
     * The agents; from now on they cannot look into this process.
     *
     * @param transport tells how long a line may be
     */
    public List<AgentPort> agents(TransportPort transport) {
        Shield shield = new Shield(Secrets.hiddenVariables(settings));
        shield.raise();
        return new AgentsModule(settings, build, shield).agents(transport);
    }

    /** What an endpoint says of itself when it registers. */
    public Map<String, String> metadata() {
        return Metadata.of(build, settings.environment());
    }

    /** What is suspicious about an agent that was found, for people. */
    public List<String> suspicions(AgentInfo agent) {
        return SetupCheck.ofAgent(settings, agent, machine);
    }

    /** What is wrong with the files and directories that the settings name, for people. */
    public List<String> wrongPaths() {
        return SetupCheck.ofPaths(settings);
    }

    /** What is suspicious about this machine, for people. */
    public List<String> suspicions() {
        return SetupCheck.ofMachine(settings, machine);
    }

    /** Bytes that agents can have, where the system tells. */
    public OptionalLong memory() {
        return machine.memory();
    }

    /** A text without the secrets of the settings. */
    public String redact(String text) {
        return redactor.redact(text);
    }
}
