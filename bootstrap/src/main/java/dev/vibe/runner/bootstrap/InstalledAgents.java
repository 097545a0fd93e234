package dev.vibe.runner.bootstrap;

import dev.vibe.runner.adapter.process.ProcessAgents;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Says which agents a runner would find here: for the local server, which knows nothing of the runner and must say the same. */
final class InstalledAgents {
    /** The local server's alone, so no help shows it. */
    static final String ARGUMENT = "--installed-agents";

    private InstalledAgents() {}

    /**
     * Does nothing else. What is wrong with settings the runner says when it starts.
     *
     * @param out is told their names, one a line
     * @return the exit code
     */
    static int list(Map<String, String> environment, PrintStream out) {
        SettingsReader settings = new SettingsReader(environment);
        ProcessAgents.installed(
                        environment,
                        path(settings, SettingsTable.CLAUDE_PATH),
                        path(settings, SettingsTable.CODEX_PATH))
                .forEach(agent -> out.println(agent.name()));
        return ExitCode.OK.number();
    }

    private static @Nullable Path path(SettingsReader settings, Setting<Optional<Path>> setting) {
        return settings.read(setting).flatMap(given -> given).orElse(null);
    }
}
