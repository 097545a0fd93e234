package dev.vibe.runner.bootstrap;

import com.google.inject.AbstractModule;
import com.google.inject.Provider;
import com.google.inject.Scopes;
import com.google.inject.TypeLiteral;
import dev.vibe.runner.adapter.process.AgentCommand;
import dev.vibe.runner.adapter.process.ProcessAgents;
import dev.vibe.runner.adapter.process.ProcessSettings;
import dev.vibe.runner.application.port.out.AgentPort;
import dev.vibe.runner.application.port.out.TransportPort;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The agents. */
final class AgentsModule extends AbstractModule {
    private final RunnerSettings settings;
    private final BuildInfo build;
    private final Shield shield;

    AgentsModule(RunnerSettings settings, BuildInfo build, Shield shield) {
        this.settings = settings;
        this.build = build;
        this.shield = shield;
    }

    @Override
    protected void configure() {
        Provider<TransportPort> transport = getProvider(TransportPort.class);
        bind(new TypeLiteral<List<AgentPort>>() {})
                .toProvider(() -> agents(transport.get()))
                .in(Scopes.SINGLETON);
    }

    List<AgentPort> agents(TransportPort transport) {
        ProcessSettings process = new ProcessSettings(
                settings.environment(),
                Set.copyOf(settings.privateEnv()),
                settings.workingDirectory(),
                settings.workspaceRoot().orElse(null),
                settings.permissionMode(),
                settings.partialMessages(),
                settings.maxLineBytes(),
                transport::maxMessageBytes,
                build.version(),
                shield::await,
                new AgentCommand(settings.claudePath().orElse(null), settings.claudeArgs()),
                new AgentCommand(settings.codexPath().orElse(null), settings.codexArgs()));
        List<AgentPort> agents = new ArrayList<>();
        agents.add(ProcessAgents.claude(process));
        agents.add(ProcessAgents.codex(process));
        if (settings.scriptedAgent()) {
            agents.add(ProcessAgents.scripted(process));
        }
        return agents;
    }
}
