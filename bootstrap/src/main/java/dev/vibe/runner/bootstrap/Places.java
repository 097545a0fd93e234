package dev.vibe.runner.bootstrap;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Where things are when no setting says so. */
public final class Places {
    private Places() {}

    /** Where HOME does not say it, the launcher does, or Java, which knows "?" of a user without an entry in the user database. */
    public static Path home(Map<String, String> environment) {
        for (String home : List.of(
                environment.getOrDefault("HOME", ""),
                environment.getOrDefault("VIBE_RUNNER_HOME", ""),
                System.getProperty("user.home", ""))) {
            if (!home.isBlank() && !home.equals("?")) {
                return Path.of(home);
            }
        }
        return Path.of("/");
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
