package dev.vibe.runner.adapter.process.parrot;

import dev.vibe.runner.adapter.process.ProcessAgents;
import dev.vibe.runner.adapter.process.ProcessSettings;
import dev.vibe.runner.application.port.out.AgentPort;
import dev.vibe.runner.domain.AgentType;
import java.util.List;

/** The agent {@code parrot}. */
public final class Parrot {
    /** What servers ask for. */
    public static final AgentType TYPE = new AgentType("parrot");

    private Parrot() {}

    /** Runs the executable {@code parrot}, one process a session. */
    public static AgentPort agent(ProcessSettings settings) {
        return ProcessAgents.program(settings, TYPE, List.of("--json"), ParrotDialect::new);
    }
}
