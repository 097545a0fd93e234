package dev.vibe.runner.bootstrap;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Where things are when no setting says so. */
public final class Places {
    private Places() {}

    /** Where HOME does not say it, the launcher does, or Java, which knows "?" of a user without an entry in the user database. */
    public static Path home(Map<String, String> environment) {
        return Path.of(Stream.of(
                        environment.getOrDefault("HOME", ""),
                        environment.getOrDefault("VIBE_RUNNER_HOME", ""),
                        System.getProperty("user.home", ""))
                .filter(home -> !home.isBlank() && !home.equals("?"))
                .findFirst()
                .orElse("/"));
    }

    /** By the XDG base directory specification. */
    public static Path stateDirectory(Map<String, String> environment) {
        String xdg = environment.getOrDefault("XDG_STATE_HOME", "");
        Path base = xdg.startsWith("/") ? Path.of(xdg) : home(environment).resolve(".local/state");
        return base.resolve("vibe-runner");
    }

    /** The protocol's {@code /home/user}; on a machine without it, the home directory. */
    public static Path workingDirectory(Map<String, String> environment) {
        Path sandboxHome = Path.of("/home/user");
        return Files.isDirectory(sandboxHome) ? sandboxHome : home(environment);
    }

    public static Optional<Path> logFile(String setting, Path stateDirectory) {
        return switch (setting) {
            case "off" -> Optional.empty();
            case "auto" -> Optional.of(stateDirectory.resolve("runner.log"));
            default -> Optional.of(Path.of(setting));
        };
    }
}
