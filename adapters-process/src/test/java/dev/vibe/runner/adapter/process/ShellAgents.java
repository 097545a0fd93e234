package dev.vibe.runner.adapter.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;

/** Shell scripts in the place of the real CLIs, for what those never do when asked to. */
final class ShellAgents {
    private ShellAgents() {}

    /**
     * Both agents are this script.
     *
     * @param body begins with the first line of its input read, and the id of the request in it as {@code $id}
     */
    static ProcessSettings settings(Path directory, String body) throws IOException {
        Path program = directory.resolve("agent");
        Files.writeString(program, """
                #!/bin/sh
                read -r line
                id=${line##*'"vibe-runner-'}
                id=vibe-runner-${id%%'"'*}
                """ + body);
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
        ProcessSettings defaults = ProcessSettings.defaults(
                Map.of("PATH", System.getenv().getOrDefault("PATH", "/usr/bin:/bin")), directory);
        AgentCommand command = new AgentCommand(program, List.of());
        return new ProcessSettings(
                defaults.environment(),
                defaults.privateNames(),
                directory,
                null,
                defaults.permissions(),
                false,
                defaults.maxLineBytes(),
                defaults.transportLineBytes(),
                defaults.runnerVersion(),
                defaults.beforeStart(),
                command,
                command);
    }
}
