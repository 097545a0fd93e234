package dev.vibe.runner.bootstrap;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogFileTest {
    private final Path directory;

    LogFileTest(@TempDir Path directory) {
        this.directory = directory;
    }

    @Test
    void itRotatesAndOnlyItsOwnerReadsAnyOfIt() throws IOException {
        Path file = directory.resolve("runner.log");
        try (LogFile log = new LogFile(file, 10, 3)) {
            for (String line : List.of("one.....\n", "two.....\n", "three...\n", "four....\n")) {
                log.write(line.getBytes(StandardCharsets.UTF_8));
            }
        }
        assertEquals("four....\n", Files.readString(file));
        assertEquals("three...\n", Files.readString(directory.resolve("runner.log.1")));
        assertEquals("two.....\n", Files.readString(directory.resolve("runner.log.2")));
        try (Stream<Path> all = Files.list(directory)) {
            for (Path each : all.toList()) {
                assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(each)));
            }
        }
    }

    @Test
    void itGoesOnWhereAnEarlierRunStopped() throws IOException {
        Path file = directory.resolve("runner.log");
        for (String line : List.of("one\n", "two\n")) {
            try (LogFile log = new LogFile(file, 100, 3)) {
                log.write(line.getBytes(StandardCharsets.UTF_8));
            }
        }
        assertEquals("one\ntwo\n", Files.readString(file));
    }
}
