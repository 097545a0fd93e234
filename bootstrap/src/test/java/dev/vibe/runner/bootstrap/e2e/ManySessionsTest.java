package dev.vibe.runner.bootstrap.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.vibe.runner.testkit.NodeServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Two hundred sessions at once, three of which misbehave. */
@Timeout(300)
class ManySessionsTest {
    private static final int SESSIONS = 200;
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    /** Measured: a tenth of a second to one. Far more means that something waits for something it should not. */
    private static final Duration QUICK = Duration.ofSeconds(15);

    private static final long MOST_KB_PER_SESSION = 512;
    private static final String AGENT = """
            while read -r line; do
              case $line in
                *flood*) exec yes '{"type":"flood","text":"the quick brown fox jumps over the lazy dog"}' ;;
                *hang*) trap '' TERM; while :; do sleep 1; done ;;
                *deaf*) exec sleep 1000 ;;
                *) result done ;;
              esac
            done
            """;

    @Test
    void noneIsHeldUpByAnother() throws Exception {
        try (Unprivileged user = Unprivileged.open();
                NodeServer server = NodeServer.start(Map.of("token", "t-o-k-e-n", "quiet", true));
                RunnerProcess runner = start(user, server)) {
            server.awaitEvent("endpoint:register", PATIENCE);
            start(server, "first");
            long rssOfOne = rss(runner);
            long begin = System.nanoTime();
            for (int i = 1; i < SESSIONS - 1; i++) {
                server.emit("session:start", Map.of("sessionId", "s" + i, "agentType", "claude"));
            }
            server.reports()
                    .awaitAll(
                            "starts of all sessions",
                            all -> all.stream()
                                            .filter(report ->
                                                    report.path("name").asText().equals("session:started"))
                                            .count()
                                    == SESSIONS - 1,
                            PATIENCE);
            long allStarted = System.nanoTime() - begin;
            for (int i = 1; i < SESSIONS - 1; i++) {
                say(server, "s" + i, "hello");
                server.awaitCount("s" + i, 1, PATIENCE);
            }
            long rssOfAll = rss(runner);

            say(server, "s1", "flood");
            say(server, "s2", "hang");
            say(server, "s3", "deaf");
            server.awaitCount("s1", 10_000, PATIENCE);
            for (int i = 0; i < 900; i++) {
                say(server, "s3", "x".repeat(1_000));
            }
            server.emit("session:stop", Map.of("sessionId", "s2"));

            long start = time(() -> start(server, "calm"));
            long message = time(() -> {
                say(server, "calm", "hello");
                server.awaitCount("calm", 1, PATIENCE);
            });
            long stop = time(() -> {
                server.emit("session:stop", Map.of("sessionId", "calm"));
                server.awaitEvent(
                        "session:ended", of -> of.path("sessionId").asText().equals("calm"), PATIENCE);
            });
            long flooded = server.counts("s1").path("count").longValue();

            long each = (rssOfAll - rssOfOne) / (SESSIONS - 2);
            List<String> figures = List.of(
                    "| what | measured |",
                    "|---|---|",
                    "| start of " + (SESSIONS - 2) + " sessions | " + millis(allStarted) + " |",
                    "| the runner's memory with 1 session | " + rssOfOne + " kB |",
                    "| the runner's memory with " + (SESSIONS - 1) + " sessions | " + rssOfAll + " kB: " + each
                            + " kB each |",
                    "| beside a flood (" + flooded
                            + " lines so far), a hung agent and one that does not read: start of a session | "
                            + millis(start) + " |",
                    "| its message and the answer | " + millis(message) + " |",
                    "| its stop | " + millis(stop) + " |");
            Files.write(Path.of("target/many-sessions.md"), figures);
            figures.forEach(System.out::println);
            assertTrue(Duration.ofNanos(start).compareTo(QUICK) < 0, "start took " + millis(start));
            assertTrue(Duration.ofNanos(message).compareTo(QUICK) < 0, "a message took " + millis(message));
            assertTrue(Duration.ofNanos(stop).compareTo(QUICK) < 0, "stop took " + millis(stop));
            assertTrue(each <= MOST_KB_PER_SESSION, each + " kB for each session");
            runner.terminate();
            assertEquals(0, runner.awaitExit(PATIENCE), runner.log());
        }
    }

    private static RunnerProcess start(Unprivileged user, NodeServer server) throws IOException {
        Map<String, String> environment = user.environment(server, "t-o-k-e-n");
        environment.put("MAX_CONCURRENT_SESSIONS", Integer.toString(SESSIONS));
        environment.put("VIBE_SHUTDOWN_SECONDS", "60");
        environment.put(
                "VIBE_CLAUDE_PATH",
                user.program("claude", ShellAgent.program(AGENT)).toString());
        return user.start(environment);
    }

    private static void start(NodeServer server, String session) throws InterruptedException {
        server.emit("session:start", Map.of("sessionId", session, "agentType", "claude"));
        server.awaitEvent("session:started", of -> of.path("sessionId").asText().equals(session), PATIENCE);
    }

    private static void say(NodeServer server, String session, String message) throws InterruptedException {
        server.emit("message:send", Map.of("sessionId", session, "message", message));
    }

    private interface Step {
        void run() throws InterruptedException;
    }

    private static long time(Step step) throws InterruptedException {
        long begin = System.nanoTime();
        step.run();
        return System.nanoTime() - begin;
    }

    private static String millis(long nanos) {
        return Duration.ofNanos(nanos).toMillis() + " ms";
    }

    private static long rss(RunnerProcess runner) throws IOException {
        return Files.readAllLines(Path.of("/proc/" + runner.java() + "/status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .findFirst()
                .orElseThrow();
    }
}
