package dev.vibe.runner.bootstrap.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import dev.vibe.runner.testkit.LinkFault;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A runner is told to end while the server is away, and what waits for it fills the outbox. */
@Timeout(120)
class OrderlyStopTest {
    private static final int SESSIONS = 3;
    private static final Lines LINES = new Lines(2_000, 1_000, 50, 10);
    /** Of files; the bound is on what counts 200 bytes more for each line. */
    private static final long FULL = 860_000;

    @Test
    void sessionsEndWithItAndTheNextStartSaysSo(@TempDir Path home) throws Exception {
        Map<String, String> settings = Map.of("VIBE_OUTBOX_MAX_MB", "1", "VIBE_SHUTDOWN_SECONDS", "5");
        try (Stage stage = new Stage(home, settings)) {
            stage.runner.start();
            stage.start(SESSIONS, LINES.script());
            stage.awaitStarted(SESSIONS);
            stage.proxy.apply(new LinkFault.Refuse());
            Subject.await("full outbox", Stage.PATIENCE, () -> journal(home.resolve("state")) >= FULL);

            assertEquals(0, stage.runner.stop(), stage.runner.log());
            assertEquals(List.of(), stage.runner.describeAgents());

            stage.proxy.apply(new LinkFault.Healthy());
            stage.runner.start();
            stage.awaitEnded(SESSIONS);
            for (JsonNode session : stage.server.counts()) {
                assertEquals(
                        "[\"session:ended shutdown\"]",
                        session.path("terminals").toString(),
                        stage.runner.log());
                assertEquals(
                        0,
                        session.path("gaps").asInt()
                                + session.path("wrongLines").asInt(),
                        session::toString);
            }
        }
    }

    private static long journal(Path state) {
        try (Stream<Path> files = Files.walk(state)) {
            return files.filter(file -> !file.endsWith("runner.log"))
                    .mapToLong(file -> file.toFile().length())
                    .sum();
        } catch (IOException | UncheckedIOException vanishing) {
            return 0;
        }
    }
}
