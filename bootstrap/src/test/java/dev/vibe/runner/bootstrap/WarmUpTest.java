package dev.vibe.runner.bootstrap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class WarmUpTest {
    private final Path state;
    private final AtomicInteger started = new AtomicInteger();
    private final CompletableFuture<Void> wanted = new CompletableFuture<>();

    WarmUpTest(@TempDir Path state) {
        this.state = state;
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://vibe.example", "https://vibe.example", "ws://vibe.example"})
    void twoSessionsGoAsTheyShouldWhateverTheServer(String server) throws Exception {
        assertTrue(warmUp(server, started::incrementAndGet).rehearse(state));
        assertEquals(2, started.get());
        assertEquals(List.of(), shells());
    }

    @Test
    void aRunnerOfManySessionsRehearsesTheirStart() throws Exception {
        RunnerSettings many = settings(
                "http://vibe.example", Map.of("VIBE_STATE_DIR", state.toString(), "MAX_CONCURRENT_SESSIONS", "100"));
        assertTrue(new WarmUp(many, started::incrementAndGet, () -> false, wanted).rehearse(state));
        assertEquals(41, started.get());
        assertEquals(List.of(), shells());
    }

    @Test
    void nothingOfItIsLeftNorToBeHeard() throws Exception {
        List<String> heard = Collections.synchronizedList(new ArrayList<>());
        try (Logs logs = Logs.open(settings("http://vibe.example"), new Redactor(List.of()))) {
            logs.add(new Listener(heard));
            Thread warming = Thread.ofPlatform().start(warmUp("http://vibe.example", started::incrementAndGet));
            assertTrue(warming.join(Duration.ofSeconds(30)));
        }
        assertEquals(2, started.get());
        assertEquals(1, heard.size(), heard::toString);
        assertTrue(heard.getFirst().startsWith("the warm-up took "), heard::toString);
        assertEquals(List.of(), folders());
        assertFalse(WarmUp.underWay());
    }

    @Test
    void itGivesWayToTheFirstSessionThatIsAskedFor() throws Exception {
        boolean complete = warmUp("http://vibe.example", () -> {
                    started.incrementAndGet();
                    wanted.complete(null); // as late as can be: its own session has begun
                })
                .rehearse(state);
        assertFalse(complete);
        assertEquals(1, started.get());
        assertEquals(List.of(), shells());
    }

    @Test
    void aServerThatHasASessionAtOnceGetsNone() {
        wanted.complete(null);
        warmUp("http://vibe.example", started::incrementAndGet).run();
        assertEquals(0, started.get());
    }

    @Test
    void aRunnerThatGoesOnWithASessionHasNone() {
        new WarmUp(settings("http://vibe.example"), started::incrementAndGet, () -> true, wanted).run();
        assertEquals(0, started.get());
    }

    @Test
    void whatARunnerThatDiedHasLeftIsRemovedAndWhatAnotherUsesIsNot() throws Exception {
        Path left = Files.createDirectories(state.resolve("warm-up-1/endpoint-1/0000000001"));
        Files.writeString(left.resolve("identity"), "x");
        Files.setLastModifiedTime(
                state.resolve("warm-up-1"), FileTime.from(Instant.now().minusSeconds(600)));
        Files.createDirectory(state.resolve("warm-up-2"));
        warmUp("http://vibe.example", started::incrementAndGet).run();
        assertEquals(List.of("warm-up-2"), folders());
    }

    @Test
    void aPlaceThatCannotBeWrittenIsNoFailure() throws Exception {
        Files.writeString(state.resolve("file"), "");
        RunnerSettings settings = settings(
                "http://vibe.example",
                Map.of("VIBE_STATE_DIR", state.resolve("file").toString()));
        new WarmUp(settings, started::incrementAndGet, () -> false, wanted).run();
        assertEquals(0, started.get());
    }

    private WarmUp warmUp(String server, Runnable beforeStart) {
        return new WarmUp(settings(server), beforeStart, () -> false, wanted);
    }

    private RunnerSettings settings(String server) {
        return settings(server, Map.of("VIBE_STATE_DIR", state.toString()));
    }

    private static RunnerSettings settings(String server, Map<String, String> more) {
        Map<String, String> environment = new HashMap<>(more);
        environment.put("VIBE_SERVER_URL", server);
        environment.put("VIBE_AUTH_TOKEN", "token");
        environment.put("VIBE_LOG_LEVEL", "debug");
        environment.put("VIBE_LOG_FILE", "off");
        try {
            return RunnerSettings.from(environment);
        } catch (InvalidSettingsException wrong) {
            throw new AssertionError(wrong);
        }
    }

    private List<String> folders() throws IOException {
        try (Stream<Path> entries = Files.list(state)) {
            return entries.map(path -> path.getFileName().toString()).toList();
        }
    }

    /** The agents of warm-ups of this process that live. */
    private static List<ProcessHandle> shells() {
        return ProcessHandle.current()
                .children()
                .filter(child -> child.info().command().orElse("").endsWith("sh"))
                .toList();
    }

    private static final class Listener extends Handler {
        private final List<String> heard;

        Listener(List<String> heard) {
            this.heard = heard;
            setLevel(Level.ALL);
        }

        @Override
        public void publish(LogRecord event) {
            if (isLoggable(event) && String.valueOf(event.getLoggerName()).startsWith("dev.vibe")) {
                heard.add(event.getMessage());
            }
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }
}
