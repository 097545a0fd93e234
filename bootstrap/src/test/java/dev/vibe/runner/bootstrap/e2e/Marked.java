package dev.vibe.runner.bootstrap.e2e;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** Finds processes by the session in their environment: also those whose parent is gone or that left its group. */
final class Marked {
    private Marked() {}

    /** Command lines of all live processes that were started in the session. */
    static List<String> of(String sessionId) throws IOException {
        return processes(sessionId).stream()
                .map(process -> process.getFileName() + " "
                        + read(process.resolve("cmdline")).replace('\0', ' '))
                .toList();
    }

    /** The agent itself: the only process of the session whose parent is none of it, leaving aside what lost its own. */
    static ProcessHandle agent(String sessionId) throws IOException {
        List<Long> marked = processes(sessionId).stream()
                .map(process -> Long.valueOf(process.getFileName().toString()))
                .toList();
        List<ProcessHandle> roots = marked.stream()
                .flatMap(pid -> ProcessHandle.of(pid).stream())
                .filter(process -> process.parent()
                        .map(ProcessHandle::pid)
                        .filter(parent -> parent != 1 && !marked.contains(parent))
                        .isPresent())
                .toList();
        if (roots.size() != 1) {
            throw new AssertionError("not one agent but " + roots + " among " + of(sessionId));
        }
        return roots.getFirst();
    }

    private static List<Path> processes(String sessionId) throws IOException {
        try (Stream<Path> entries = Files.list(Path.of("/proc"))) {
            return entries.filter(entry -> entry.getFileName().toString().matches("\\d+"))
                    .filter(process -> variables(process).contains("VIBE_SESSION_ID=" + sessionId))
                    .toList();
        }
    }

    private static List<String> variables(Path process) {
        return Arrays.asList(read(process.resolve("environ")).split("\0"));
    }

    private static String read(Path file) {
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (IOException gone) {
            return "";
        }
    }
}
