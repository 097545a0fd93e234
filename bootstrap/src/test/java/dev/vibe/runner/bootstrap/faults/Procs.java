package dev.vibe.runner.bootstrap.faults;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** What {@code /proc} tells of processes. What has ended meanwhile is nothing. */
final class Procs {
    private static final Path PROC = Path.of("/proc");

    private Procs() {}

    /** All processes with this entry in their environment. */
    static List<Long> withEnvironment(String entry) {
        try (Stream<Path> all = Files.list(PROC)) {
            return all.map(each -> each.getFileName().toString())
                    .filter(name -> name.chars().allMatch(Character::isDigit))
                    .map(Long::valueOf)
                    .filter(pid ->
                            Arrays.asList(text(pid, "environ").split("\0")).contains(entry))
                    .toList();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    static String commandLine(long pid) {
        return text(pid, "cmdline").replace('\0', ' ');
    }

    /** Command, state and parent, for a failure. */
    static String describe(long pid) {
        return commandLine(pid) + text(pid, "status").lines().limit(7).toList();
    }

    static long rssKb(long pid) {
        return text(pid, "status")
                .lines()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .sum();
    }

    private static String text(long pid, String file) {
        try {
            return new String(
                    Files.readAllBytes(PROC.resolve(String.valueOf(pid)).resolve(file)), StandardCharsets.UTF_8);
        } catch (IOException _) {
            return "";
        }
    }
}
