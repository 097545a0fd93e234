package dev.vibe.runner.adapter.process;

import com.fasterxml.jackson.core.JsonFactory;
import dev.vibe.runner.adapter.process.scripted.ScriptedProgram;
import dev.vibe.runner.application.port.out.AgentLaunchException;
import dev.vibe.runner.application.port.out.AgentPort;
import dev.vibe.runner.application.port.out.RunningAgent;
import dev.vibe.runner.application.port.out.SessionRequest;
import dev.vibe.runner.domain.AgentInfo;
import dev.vibe.runner.domain.AgentType;
import java.io.File;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** The agent that follows a script; see {@code docs/scripted-agent.md}. Runs with the runner's own Java. */
final class ScriptedAgent implements AgentPort {
    private final Launcher launcher;
    private final String version;

    ScriptedAgent(Launcher launcher, String version) {
        this.launcher = launcher;
        this.version = version;
    }

    @Override
    public AgentType type() {
        return AgentType.SCRIPTED;
    }

    @Override
    public Optional<AgentInfo> detect() {
        return Optional.of(new AgentInfo(AgentType.SCRIPTED, version));
    }

    @Override
    public RunningAgent launch(SessionRequest request) throws AgentLaunchException {
        String sessionId = UUID.randomUUID().toString();
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xshare:auto",
                "-XX:-UsePerfData",
                "-Xmx48m",
                "-cp",
                classPath(),
                ScriptedProgram.class.getName(),
                sessionId);
        return launcher.launch(
                request,
                "scripted",
                command,
                AgentEnvironment::withoutJavaOptions,
                (host, directory) -> new ScriptedDialect(host, sessionId));
    }

    /** Only what the program needs: its own classes and the JSON parser's. */
    private static String classPath() {
        Set<String> entries = new LinkedHashSet<>();
        for (Class<?> needed : List.of(ScriptedProgram.class, JsonFactory.class)) {
            CodeSource source = needed.getProtectionDomain().getCodeSource();
            if (source == null) {
                return System.getProperty("java.class.path", "");
            }
            try {
                entries.add(Path.of(source.getLocation().toURI()).toString());
            } catch (URISyntaxException | IllegalArgumentException e) {
                return System.getProperty("java.class.path", "");
            }
        }
        return String.join(File.pathSeparator, entries);
    }
}
