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

/** Codex as one long-lived {@code codex app-server} a session, JSON-RPC lines both ways. */
final class CodexAgent implements AgentPort {
    static final String NAME = "codex";

    private final ProcessSettings settings;
    private final Launcher launcher;
    private final ExecutableFinder finder;
    private final VersionProbe versions;

    CodexAgent(ProcessSettings settings, Launcher launcher) {
        this.settings = settings;
        this.launcher = launcher;
        this.finder = new ExecutableFinder(settings.environment());
        Map<String, String> environment = new AgentEnvironment(settings.environment(), settings.privateNames()).base();
        this.versions = new VersionProbe(environment, settings.beforeStart(), "@openai/codex");
    }

    @Override
    public AgentType type() {
        return AgentType.CODEX;
    }

    @Override
    public Optional<AgentInfo> detect() {
        return executable().map(path -> new AgentInfo(AgentType.CODEX, versions.versionOf(path)));
    }

    @Override
    public boolean resumes() {
        return true;
    }

    @Override
    public RunningAgent launch(SessionRequest request) throws AgentLaunchException {
        Path found = executable()
                .orElseThrow(() -> new AgentLaunchException(NotFound.message(
                        "Codex", NAME, settings.codex().executable(), "npm install -g @openai/codex")));
        NativeCodex codex = NativeCodex.resolve(found);
        return launcher.launch(
                request,
                NAME,
                command(codex.executable()),
                environment -> {
                    codex.prepare(environment);
                    return environment;
                },
                (host, directory) -> new CodexDialect(host, directory, settings, request.resume(), request.settings()));
    }

    List<String> command(Path executable) {
        // Plugins make the app-server ask a public host by git at start.
        List<String> command = new ArrayList<>(List.of(executable.toString(), "app-server", "--disable", "plugins"));
        command.addAll(settings.codex().extraArguments());
        return command;
    }

    private Optional<Path> executable() {
        return finder.find(NAME, settings.codex().executable());
    }
}
