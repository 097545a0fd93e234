package dev.vibe.runner.adapter.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds an agent's executable: where a setting says, else in PATH, else where installers put it though a service's PATH often
 * lacks it.
 */
final class ExecutableFinder {
    private final Map<String, String> environment;
    /** What PATH says, which does not change; each start of an agent looks here first, and as a rule no further. */
    private final Set<Path> path = new LinkedHashSet<>();

    ExecutableFinder(Map<String, String> environment) {
        this.environment = environment;
        for (String entry : environment.getOrDefault("PATH", "").split(":", -1)) {
            add(path, entry);
        }
    }

    /** The path of {@code name}, not resolved through links; empty where there is none that may be executed. */
    Optional<Path> find(String name, @Nullable Path explicit) {
        if (explicit != null) {
            return executable(explicit) ? Optional.of(explicit.toAbsolutePath()) : Optional.empty();
        }
        Path found = in(path, name);
        return Optional.ofNullable(found == null ? in(installersPlaces(), name) : found);
    }

    private static @Nullable Path in(Set<Path> places, String name) {
        for (Path place : places) {
            Path file = place.resolve(name);
            if (executable(file)) {
                return file;
            }
        }
        return null;
    }

    private Set<Path> installersPlaces() {
        Set<Path> places = new LinkedHashSet<>();
        add(places, environment.get("NVM_BIN"));
        String home = environment.get("HOME");
        if (home != null && !home.isEmpty()) {
            add(places, home + "/.local/bin");
            add(places, home + "/.claude/local");
            add(places, home + "/.npm-global/bin");
            add(places, home + "/.bun/bin");
            add(places, home + "/.volta/bin");
            npmPrefix(places, home);
        }
        for (String name : Set.of("npm_config_prefix", "NPM_CONFIG_PREFIX")) {
            String prefix = environment.get(name);
            add(places, prefix == null ? null : prefix + "/bin");
        }
        add(places, "/usr/local/bin");
        add(places, "/usr/bin");
        add(places, "/opt/homebrew/bin");
        return places;
    }

    /** Relative entries would mean something else in every directory. */
    private static void add(Set<Path> places, @Nullable String entry) {
        if (entry != null && entry.startsWith("/")) {
            try {
                places.add(Path.of(entry));
            } catch (InvalidPathException e) {
                return;
            }
        }
    }

    private static void npmPrefix(Set<Path> places, String home) {
        try {
            for (String line : Files.readAllLines(Path.of(home, ".npmrc"))) {
                String text = line.strip();
                if (text.startsWith("prefix=")) {
                    String prefix = text.substring("prefix=".length()).strip().replace("${HOME}", home);
                    add(places, (prefix.startsWith("~") ? home + prefix.substring(1) : prefix) + "/bin");
                }
            }
        } catch (IOException | InvalidPathException e) {
            return;
        }
    }

    private static boolean executable(Path path) {
        return Files.isRegularFile(path) && Files.isExecutable(path);
    }
}
