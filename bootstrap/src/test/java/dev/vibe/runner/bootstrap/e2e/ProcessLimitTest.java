package dev.vibe.runner.bootstrap.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.vibe.runner.testkit.NodeServer;
import dev.vibe.runner.testkit.Requires;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Agents that start too much: the limit of processes counts the runner's threads too, and it gets no more of them. */
@Timeout(180)
class ProcessLimitTest {
    private static final Duration SOON = Duration.ofSeconds(30);
    /** Java ends the carriers of virtual threads that had nothing to do for 30 s. */
    private static final Duration IDLE = Duration.ofSeconds(45);

    private static final int PINGS = 3;
    private static final Path PRLIMIT = Path.of("/usr/bin/prlimit");

    /**
     * The server pings more than once within the limit, and over plain WebSocket so rarely that what serves one ping has nothing to do before
     * the next: at each both transports once lost their connection, and with it the {@code session:stop} that would have helped.
     */
    @Test
    void sessionsEndAndAreToldWhereNoThreadCanBeStarted() throws Exception {
        Requires.that("unprivileged", Files.isExecutable(PRLIMIT), "no " + PRLIMIT);
        // Beside each other: each does nothing most of the time.
        try (ExecutorService both = Executors.newFixedThreadPool(2)) {
            Future<?> socketIo = both.submit(() -> check("socketio", 500));
            Future<?> webSocket = both.submit(() -> check("websocket", 2000));
            socketIo.get();
            webSocket.get();
        }
    }

    private static @Nullable Void check(String transport, int pingMillis) throws Exception {
        String killed = "killed-" + transport;
        String stopped = "stopped-" + transport;
        try (Unprivileged user = Unprivileged.open();
                NodeServer server = NodeServer.start(Map.of("pingInterval", pingMillis, "plainPings", pingMillis));
                RunnerProcess runner = start(user, server, transport)) {
            server.awaitEvent("endpoint:register", SOON);
            start(server, killed);
            start(server, stopped);
            Thread.sleep(IDLE); // nothing happens that could be waited for: that is the point
            String before = limit(runner);
            limit(user, runner, "1");
            server.run("awaitPongs", Map.of("count", PINGS));

            assertTrue(Marked.agent(killed).destroyForcibly());
            String error = end(server, "session:error", killed).path("error").asText();
            assertTrue(error.contains("signal 9"), error);
            server.emit("session:stop", Map.of("sessionId", stopped));
            end(server, "session:ended", stopped);
            assertEquals(List.of(), Marked.of(stopped));
            server.emit("session:start", Map.of("sessionId", "refused", "agentType", "claude"));
            end(server, "session:error", "refused");
            server.run("awaitPongs", Map.of("count", PINGS));
            assertFalse(
                    server.reports().all().stream()
                            .anyMatch(report -> report.path("is").asText().equals("disconnected")),
                    runner.log());

            // What is then given up is closed, though no thread can be started for that, and no new connection be made.
            server.run("set", Map.of("options", Map.of("swallow", true)));
            server.emit("session:start", Map.of("sessionId", "unconfirmed", "agentType", "claude"));
            server.await("closed", SOON);
            server.run("set", Map.of("options", Map.of("swallow", false)));

            limit(user, runner, before);
            server.awaitEvent("endpoint:register", SOON);
            start(server, "new");
            runner.terminate();
            end(server, "session:ended", "new");
            assertEquals(0, runner.awaitExit(SOON), runner.log());
        }
        return null;
    }

    private static RunnerProcess start(Unprivileged user, NodeServer server, String transport) throws Exception {
        Map<String, String> environment = user.environment(server, NodeServer.TOKEN);
        environment.put("MAX_CONCURRENT_SESSIONS", "3");
        environment.put("VIBE_RESUME", "false");
        environment.put("VIBE_TRANSPORT", transport);
        environment.put(
                "VIBE_CLAUDE_PATH", user.program("claude", ShellAgent.polite()).toString());
        return user.start(environment);
    }

    private static void start(NodeServer server, String session) throws InterruptedException {
        server.emit("session:start", Map.of("sessionId", session, "agentType", "claude", "initialMessage", "hello"));
        server.awaitEvent(
                "message:from-claude", of -> of.path("sessionId").asText().equals(session), SOON);
    }

    private static JsonNode end(NodeServer server, String event, String session) throws InterruptedException {
        return server.awaitEvent(event, of -> of.path("sessionId").asText().equals(session), SOON);
    }

    /** Of the runner alone, and only what it may raise again. The same user may do that. */
    private static void limit(Unprivileged user, RunnerProcess runner, String processes) throws Exception {
        Process limiting = new ProcessBuilder(
                        user.as(List.of(PRLIMIT.toString(), "--pid=" + runner.java(), "--nproc=" + processes + ":")))
                .inheritIO()
                .start();
        assertTrue(limiting.waitFor(SOON.toSeconds(), TimeUnit.SECONDS));
        assertEquals(0, limiting.exitValue());
    }

    private static String limit(RunnerProcess runner) throws IOException {
        return Files.readAllLines(Path.of("/proc/" + runner.java() + "/limits")).stream()
                .filter(line -> line.startsWith("Max processes"))
                .map(line -> line.split("\\s+", -1)[2])
                .findFirst()
                .orElseThrow();
    }
}
