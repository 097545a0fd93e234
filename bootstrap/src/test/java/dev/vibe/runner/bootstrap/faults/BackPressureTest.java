package dev.vibe.runner.bootstrap.faults;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.vibe.runner.testkit.LinkFault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Twenty agents print as fast as they can, and the server reads slowly, then not at all. */
class BackPressureTest {
    private static final int FLOODERS = 20;
    private static final Duration STALL = Duration.ofSeconds(Integer.getInteger("vibe.faults.stall.seconds", 20));
    private static final Duration AT_ONCE = Duration.ofSeconds(8);
    /** The heap's limit, 96 MB, which twenty floods fill with garbage, and what is beside it. */
    private static final long MAX_RSS_KB = 200_000;

    @Test
    @Timeout(300)
    void memoryStaysFlatAndControlPassesBy(@TempDir Path home) throws Exception {
        try (Stage stage = new Stage(home, Map.of("VIBE_OUTBOX_MAX_MB", "64"))) {
            stage.runner.start();
            stage.start("to-interrupt", "sleep 3600000");
            stage.start("to-stop", "sleep 3600000");
            for (int i = 0; i < FLOODERS; i++) {
                stage.start("flood" + i, "flood 100000000 500");
            }
            stage.awaitStarted(FLOODERS + 2);
            Thread.sleep(3_000);

            stage.proxy.apply(new LinkFault.Slow(100_000));
            Thread.sleep(5_000);
            long started = startWhileStuck(stage);
            long interrupted = interruptWhileStuck(stage);
            long stopped = stopWhileStuck(stage);

            stage.proxy.apply(new LinkFault.Stall());
            long warm = stage.runner.rssKb();
            long peak = warm;
            for (long end = System.nanoTime() + STALL.toNanos(); System.nanoTime() < end; ) {
                Thread.sleep(500);
                peak = Math.max(peak, stage.runner.rssKb());
            }
            stage.proxy.apply(new LinkFault.Healthy());
            long heard = Subject.await("word of the new session", Stage.PATIENCE, () -> knows(stage, "late"));
            Thread.sleep(3_000);
            long last = stage.runner.rssKb();
            System.out.printf(
                    "back-pressure: RSS %d MB warm, %d MB at most during %d s without reading, %d MB after; a start took"
                            + " %d ms, an interrupt %d ms, a stop %d ms; a new session was heard %d ms after%n",
                    warm / 1_000, peak / 1_000, STALL.toSeconds(), last / 1_000, started, interrupted, stopped, heard);
            assertTrue(peak < warm * 5 / 4, "what cannot be sent is held in memory");
            assertTrue(Math.max(peak, last) < MAX_RSS_KB, "too much memory");
        }
    }

    /** A new session's agent runs, and has done what its first message says. */
    private static long startWhileStuck(Stage stage) throws InterruptedException {
        stage.start("late", "child 3600");
        return Subject.await(
                "agent and its child",
                AT_ONCE,
                () -> stage.runner.agents("late").size() >= 2);
    }

    /** The message behind the interrupted script makes the agent exit. */
    private static long interruptWhileStuck(Stage stage) throws InterruptedException {
        stage.server.emit("message:send", Map.of("sessionId", "to-interrupt", "message", "exit 0"));
        stage.server.emit("session:interrupt", Map.of("sessionId", "to-interrupt"));
        return Subject.await(
                "end by interrupt",
                AT_ONCE,
                () -> stage.runner.agents("to-interrupt").isEmpty());
    }

    private static long stopWhileStuck(Stage stage) throws InterruptedException {
        stage.server.emit("session:stop", Map.of("sessionId", "to-stop"));
        return Subject.await(
                "end by stop", AT_ONCE, () -> stage.runner.agents("to-stop").isEmpty());
    }

    private static boolean knows(Stage stage, String session) {
        try {
            return stage.server.counts().path(session).path("started").asInt() > 0;
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
