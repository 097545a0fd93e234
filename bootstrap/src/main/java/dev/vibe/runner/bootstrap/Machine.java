package dev.vibe.runner.bootstrap;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/**
 * What is known of this machine and of the process's place on it.
 *
 * @param root whether this process may do anything
 * @param memory bytes that agents can have, where the system tells
 * @param openFiles how many this process may have, where the system tells
 * @param onlookers ancestors of this process that hold the token in an environment this user can read, for people
 */
record Machine(boolean root, OptionalLong memory, OptionalLong openFiles, List<String> onlookers) {
    private static final int KIB = 1024;

    /** Looks around; some milliseconds. */
    static Machine look() {
        return new Machine(
                System.getProperty("user.name", "").equals("root"),
                memory(Path.of("/proc"), Path.of("/sys/fs/cgroup")),
                openFiles(Path.of("/proc")),
                onlookers(Path.of("/proc"), ProcessHandle.current().parent()));
    }

    /** What is free, or what a container may have, whichever is less. */
    static OptionalLong memory(Path proc, Path cgroup) {
        Stream<Path> limits = Stream.concat(
                Stream.of(cgroup.resolve("memory.max"), cgroup.resolve("memory/memory.limit_in_bytes")),
                lines(proc.resolve("self/cgroup")).stream()
                        .filter(line -> line.startsWith("0::/"))
                        .map(line ->
                                cgroup.resolve(line.substring("0::/".length())).resolve("memory.max")));
        Stream<String> free = lines(proc.resolve("meminfo")).stream()
                .filter(line -> line.startsWith("MemAvailable:"))
                .map(line -> line.replaceAll("\\D", ""));
        return Stream.concat(
                        limits.flatMap(file -> lines(file).stream()).map(Machine::number),
                        free.map(kib -> number(kib).map(value -> value * KIB)))
                .flatMap(Optional::stream)
                .mapToLong(Long::longValue)
                .min();
    }

    private static OptionalLong openFiles(Path proc) {
        try {
            return OpenFiles.limit(proc);
        } catch (IOException unknown) {
            return OptionalLong.empty();
        }
    }

    private static List<String> onlookers(Path proc, Optional<ProcessHandle> parent) {
        List<String> found = new ArrayList<>();
        for (Optional<ProcessHandle> at = parent; at.isPresent(); at = at.get().parent()) {
            Path of = proc.resolve(Long.toString(at.get().pid()));
            if (holdsToken(of.resolve("environ"))) {
                found.add("process " + at.get().pid() + " (" + String.join("", lines(of.resolve("comm"))) + ")");
            }
        }
        return found;
    }

    static boolean holdsToken(Path environ) {
        String name = SettingsTable.AUTH_TOKEN.name() + "=";
        return lines(environ).stream()
                .flatMap(line -> Stream.of(line.split("\0", -1)))
                .anyMatch(variable -> variable.startsWith(name) && variable.length() > name.length());
    }

    /** "max" and what is no number mean no limit. */
    private static Optional<Long> number(String text) {
        try {
            return Optional.of(Long.parseLong(text.strip()));
        } catch (NumberFormatException none) {
            return Optional.empty();
        }
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file, StandardCharsets.ISO_8859_1);
        } catch (IOException | SecurityException unreadable) {
            return List.of();
        }
    }
}
