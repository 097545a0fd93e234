package dev.vibe.runner.bootstrap.logs;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class LogReaderTest {
    private static final String T = "2026-01-01T00:00:00Z INFO  ";

    @TempDir
    private Path directory = Path.of("");

    private Path log() {
        return directory.resolve("runner.log");
    }

    private static void add(Path file, String text) throws IOException {
        var _ = Files.writeString(file, text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    private List<String> last(int count, LogFilter filter) throws IOException {
        List<String> lines = new ArrayList<>();
        new LogReader(log(), filter, lines::add).last(count);
        return lines;
    }

    @Test
    void showsTheLastLinesOverTheFilesPutAside() throws Exception {
        add(directory.resolve("runner.log.2"), T + "one\n");
        add(directory.resolve("runner.log.1"), T + "two\n" + T + "three\n");
        add(log(), T + "four\n");
        assertEquals(List.of(T + "two", T + "three", T + "four"), last(3, LogFilter.all()));
    }

    @Test
    void aStackTraceGoesWithItsLine() throws Exception {
        add(
                log(),
                T + "[s1] bad\njava.lang.X\n\tat y\n" + T + "[s2] fine\n" + T + "[s10] fine\n"
                        + "{\"time\":\"t\",\"session\":\"s1\",\"message\":\"json\"}\n");
        assertEquals(
                List.of(
                        T + "[s1] bad",
                        "java.lang.X",
                        "\tat y",
                        "{\"time\":\"t\",\"session\":\"s1\",\"message\":\"json\"}"),
                last(100, LogFilter.session("s1")));
    }

    @Test
    void followsOverARotationAndWaitsForWholeLines() throws Exception {
        add(log(), T + "old\n");
        BlockingQueue<String> lines = new LinkedBlockingQueue<>();
        LogReader reader = new LogReader(log(), LogFilter.all(), lines::add);
        reader.last(1);
        Thread follower = Thread.ofPlatform().daemon().start(() -> {
            try {
                reader.follow(() -> false);
            } catch (IOException broken) {
                lines.add(broken.toString());
            } catch (InterruptedException over) {
                Thread.currentThread().interrupt();
            }
        });
        assertEquals(T + "old", lines.poll(10, TimeUnit.SECONDS));
        add(log(), T + "ha");
        add(log(), "lf\n");
        assertEquals(T + "half", lines.poll(10, TimeUnit.SECONDS));
        add(log(), T + "before\n");
        Files.move(log(), directory.resolve("runner.log.1"));
        add(log(), T + "after\n");
        assertEquals(T + "before", lines.poll(10, TimeUnit.SECONDS));
        assertEquals(T + "after", lines.poll(10, TimeUnit.SECONDS));
        add(log(), T + "more\n");
        assertEquals(T + "more", lines.poll(10, TimeUnit.SECONDS));
        follower.interrupt();
        follower.join();
    }
}
