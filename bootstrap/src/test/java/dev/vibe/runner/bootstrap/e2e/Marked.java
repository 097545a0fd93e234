package dev.vibe.runner.bootstrap.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** Finds processes by the session in their environment: also those whose parent is gone or that left its group. */
final class Marked {
    private Marked() {}

    /** Command lines of all live processes that were started in the session. */
    static List<String> of(String sessionId) throws IOException {
        List<String> found = new ArrayList<>();
        try (Stream<Path> entries = Files.list(Path.of("/proc"))) {
            for (Path process : (Iterable<Path>) entries::iterator) {
                if (process.getFileName().toString().matches("\\d+")
                        && variables(process).contains("VIBE_SESSION_ID=" + sessionId)) {
                    found.add(process.getFileName() + " " + read(process.resolve("cmdline")).replace('\0', ' '));
                }
            }
        }
        return found;
    }

    private static List<String> variables(Path process) {
        return Arrays.asList(read(process.resolve("environ")).split("\0"));
    }

    private static String read(Path file) {
        try {
            return Files.readString(file, java.nio.charset.StandardCharsets.ISO_8859_1);
        } catch (IOException gone) {
            return "";
        }
    }
}
