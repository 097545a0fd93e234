package dev.vibe.runner.bootstrap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.vibe.runner.testkit.Requires;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.MDC;

@Timeout(60)
class LogsTest {
    private static final Redactor REDACTOR = new Redactor(List.of(new Secret("s3cr3t-token")));

    @AfterEach
    void forget() {
        MDC.clear();
    }

    private static LogRecord event(String message) {
        LogRecord event = new LogRecord(Level.WARNING, message);
        event.setLoggerName("dev.vibe.runner.application.Session");
        event.setInstant(Instant.parse("2026-01-02T03:04:05.678Z"));
        return event;
    }

    @Test
    void aLineForPeopleNamesTheSession() {
        MDC.put("session", "s1");
        assertEquals(
                "2026-01-02T03:04:05.678Z WARN  [s1] Session: hello\n",
                new LogLine(LogFormat.TEXT, REDACTOR).format(event("hello")));
    }

    @Test
    void aLineForProgramsIsOneJsonObject() {
        MDC.put("session", "s\"1");
        assertEquals(
                "{\"time\":\"2026-01-02T03:04:05.678Z\",\"level\":\"WARN\",\"logger\":\"dev.vibe.runner.application.Session\","
                        + "\"session\":\"s\\\"1\",\"message\":\"two\\nlines\"}\n",
                new LogLine(LogFormat.JSON, REDACTOR).format(event("two\nlines")));
    }

    @Test
    void whatAServerSaysCannotForgeALine() {
        String line = new LogLine(LogFormat.TEXT, REDACTOR).format(event("x\n2026 INFO forged\r\u001B[31m"));
        assertEquals(1, line.lines().count(), line);
        assertFalse(line.contains("\u001B"), line);
    }

    @Test
    void aSecretNeverReachesALine() {
        for (LogFormat format : LogFormat.values()) {
            LogRecord event = event("the token is s3cr3t-token");
            event.setThrown(new IllegalStateException("http://h?token=s3cr3t-token"));
            String line = new LogLine(format, REDACTOR).format(event);
            assertFalse(line.contains("s3cr3t"), line);
            assertTrue(line.contains(Secret.MASK), line);
        }
    }

    @Test
    void aReaderThatStopsReadingDoesNotStopTheRunner() throws Exception {
        CountDownLatch stuck = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        AsyncHandler handler = new AsyncHandler(new OutputStream() {
            @Override
            public void write(int b) {
                stuck.countDown();
                try {
                    assertTrue(release.await(30, TimeUnit.SECONDS));
                } catch (InterruptedException over) {
                    Thread.currentThread().interrupt();
                }
            }

            @Override
            public void write(byte[] bytes, int from, int length) {
                write(0);
            }
        });
        handler.setFormatter(new LogLine(LogFormat.TEXT, REDACTOR));
        for (int i = 0; i < 20_000; i++) {
            handler.publish(event("line " + i));
        }
        assertTrue(stuck.await(10, TimeUnit.SECONDS));
        release.countDown();
        handler.close();
    }

    @Test
    void aBrokenPipeIsLeftAlone() {
        AtomicInteger writes = new AtomicInteger();
        AsyncHandler handler = AsyncHandler.overPipe(new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                writes.incrementAndGet();
                throw new IOException("Broken pipe");
            }
        });
        handler.setFormatter(new LogLine(LogFormat.TEXT, REDACTOR));
        handler.publish(event("one"));
        handler.publish(event("two"));
        handler.close();
        assertEquals(1, writes.get());
    }

    @Test
    void aWriteThatFailsCostsItsLineAndNoOther() {
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        AtomicBoolean full = new AtomicBoolean(true);
        AsyncHandler handler = new AsyncHandler(new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                if (full.getAndSet(false)) {
                    throw new IOException("No space left on device");
                }
                file.write(b);
            }
        });
        handler.setFormatter(new LogLine(LogFormat.TEXT, REDACTOR));
        handler.publish(event("one"));
        handler.publish(event("two"));
        handler.close();
        assertEquals("""
                ... 1 log lines dropped: IOException: No space left on device
                2026-01-02T03:04:05.678Z WARN  Session: two
                """, file.toString(StandardCharsets.UTF_8));
    }

    @Test
    void aLogFileThatCouldNotMakeRoomIsWrittenAgain(@TempDir Path directory) throws Exception {
        Path file = directory.resolve("runner.log");
        Path inTheWay = directory.resolve("runner.log.2");
        Files.writeString(directory.resolve("runner.log.1"), "older");
        Path in = Files.createFile(Files.createDirectory(inTheWay).resolve("file"));
        try (RotatingFile log = new RotatingFile(file, 20)) {
            log.write("one of two lines\n".getBytes(StandardCharsets.UTF_8));
            byte[] two = "two of two lines\n".getBytes(StandardCharsets.UTF_8);
            assertThrows(IOException.class, () -> log.write(two));
            log.write("3.\n".getBytes(StandardCharsets.UTF_8)); // there is room for this one
            assertThrows(IOException.class, () -> log.write(two));
            Files.delete(in);
            Files.delete(inTheWay);
            log.write(two);
        }
        assertEquals("two of two lines\n", Files.readString(file));
        assertEquals("one of two lines\n3.\n", Files.readString(directory.resolve("runner.log.1")));
        assertEquals("older", Files.readString(inTheWay));
    }

    @Test
    void aLineThatAFullDiskCutIsNotTheBeginningOfTheNext(@TempDir Path directory) throws Exception {
        Path disk = Files.createDirectory(directory.resolve("disk"));
        Requires.that(
                "tmpfs", run("mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", disk.toString()), "no small disk");
        Path file = disk.resolve("runner.log");
        try (RotatingFile log = new RotatingFile(file, 1_000_000)) {
            Path rest = Files.write(disk.resolve("rest"), new byte[32 * 1024]);
            byte[] line = ("x".repeat(40 * 1024) + "\n").getBytes(StandardCharsets.UTF_8);
            assertThrows(IOException.class, () -> log.write(line));
            assertTrue(Files.size(file) > 0, "nothing to prove otherwise");
            Files.delete(rest);
            log.write("next\n".getBytes(StandardCharsets.UTF_8));
            assertTrue(Files.readString(file).endsWith("x\nnext\n"));
        } finally {
            assertTrue(run("umount", disk.toString()));
        }
    }

    private static boolean run(String... command) throws Exception {
        return new ProcessBuilder(command).start().waitFor() == 0;
    }

    @Test
    void aFullLogFileBehindALinkMakesRoomWhereItIs(@TempDir Path directory) throws Exception {
        Path volume = Files.createDirectory(directory.resolve("volume"));
        Path link = Files.createSymbolicLink(directory.resolve("runner.log"), volume.resolve("real.log"));
        try (RotatingFile log = new RotatingFile(link, 10)) {
            log.write("the first\n".getBytes(StandardCharsets.UTF_8));
            log.write("the second\n".getBytes(StandardCharsets.UTF_8));
        }
        assertTrue(Files.isSymbolicLink(link));
        assertEquals("the second\n", Files.readString(link));
        assertEquals("the first\n", Files.readString(volume.resolve("real.log.1")));
    }

    /** As root the device would be renamed, and everybody else's /dev/null be a file of ours. */
    @Test
    void aDeviceOrAPipeIsNeverRenamed(@TempDir Path directory) throws Exception {
        Path pipe = directory.resolve("pipe");
        assertTrue(run("mkfifo", pipe.toString()));
        Process reader;
        try (RotatingFile log = new RotatingFile(pipe, 10)) { // does not wait for a reader
            reader = new ProcessBuilder("cat", pipe.toString()).start();
            for (int i = 0; i < 5; i++) {
                log.write(("line " + i + " of five\n").getBytes(StandardCharsets.UTF_8));
            }
        }
        assertEquals(5, reader.inputReader().lines().count());
        try (Stream<Path> files = Files.list(directory)) {
            assertEquals(List.of(pipe), files.toList());
        }
    }

    @Test
    void aFullLogFileMakesRoomAndStaysPrivate(@TempDir Path directory) throws Exception {
        Path file = directory.resolve("runner.log");
        try (RotatingFile log = new RotatingFile(file, 100)) {
            for (int i = 0; i < 50; i++) {
                log.write(("line " + i + " of fifty\n").getBytes(StandardCharsets.UTF_8));
            }
        }
        try (Stream<Path> files = Files.list(directory)) {
            for (Path each : files.toList()) {
                assertTrue(Files.size(each) <= 100, each.toString());
                assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(each)));
            }
        }
        assertTrue(Files.readString(file).endsWith("line 49 of fifty\n"));
        assertTrue(Files.exists(directory.resolve("runner.log.2")));
        assertFalse(Files.exists(directory.resolve("runner.log.3")));
    }
}
