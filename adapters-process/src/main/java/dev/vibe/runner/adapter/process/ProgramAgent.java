package dev.vibe.runner.adapter.process;

import dev.vibe.runner.application.port.out.AgentLaunchException;
import dev.vibe.runner.application.port.out.AgentPort;
import dev.vibe.runner.application.port.out.RunningAgent;
import dev.vibe.runner.application.port.out.SessionRequest;
import dev.vibe.runner.domain.AgentInfo;
import dev.vibe.runner.domain.AgentType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/** An agent of which no more need be known than its program's name and what it speaks. */
final class ProgramAgent implements AgentPort {
    private final Launcher launcher;
    private final ExecutableFinder finder;
    private final VersionProbe versions;
    private final AgentType type;
    private final List<String> arguments;
    private final Function<Dialect.Host, Dialect> dialect;

    ProgramAgent(
            ProcessSettings settings,
            Launcher launcher,
            AgentType type,
            List<String> arguments,
            Function<Dialect.Host, Dialect> dialect) {
        this.launcher = launcher;
        this.finder = new ExecutableFinder(settings.environment());
        Map<String, String> environment = new AgentEnvironment(settings.environment(), settings.privateNames()).base();
        this.versions = new VersionProbe(environment, settings.beforeStart(), type.name());
        this.type = type;
        this.arguments = List.copyOf(arguments);
        this.dialect = dialect;
    }

    @Override
    public AgentType type() {
        return type;
    }

    @Override
    public Optional<AgentInfo> detect() {
        return executable().map(path -> new AgentInfo(type, versions.versionOf(path)));
    }

    @Override
    public RunningAgent launch(SessionRequest request) throws AgentLaunchException {
        Path executable = executable()
                .orElseThrow(() ->
                        new AgentLaunchException(NotFound.message(type.name(), type.name(), null, "install it there")));
        List<String> command = new ArrayList<>(List.of(executable.toString()));
        command.addAll(arguments);
        return launcher.launch(
                request, type.name(), command, UnaryOperator.identity(), (host, directory) -> dialect.apply(host));
    }

    private Optional<Path> executable() {
        return finder.find(type.name(), null);
    }
}
