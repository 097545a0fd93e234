package dev.vibe.runner.adapter.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Which conversations Claude Code has stored: {@code projects/<directory>/<id>.jsonl} below its configuration directory
 * (measured with 2.1.197). One that had no message yet is not stored, and {@code --resume} of it would fail.
 */
final class ClaudeConversations {
    /** More directories than anybody works in. */
    private static final int MOST_FOLDERS = 10_000;

    private final Path projects;

    ClaudeConversations(Map<String, String> environment) {
        String configured = environment.getOrDefault("CLAUDE_CONFIG_DIR", "");
        Path base =
                configured.isBlank() ? Path.of(environment.getOrDefault("HOME", "/"), ".claude") : Path.of(configured);
        this.projects = base.resolve("projects");
    }

    /** Looks in every directory's folder: how Claude spells a directory is its own affair. */
    boolean has(String id) {
        if (id.contains("/") || !Files.isDirectory(projects)) {
            return false;
        }
        try (Stream<Path> folders = Files.list(projects)) {
            return folders.limit(MOST_FOLDERS).anyMatch(folder -> Files.exists(folder.resolve(id + ".jsonl")));
        } catch (IOException | UncheckedIOException unreadable) {
            return false;
        }
    }
}
