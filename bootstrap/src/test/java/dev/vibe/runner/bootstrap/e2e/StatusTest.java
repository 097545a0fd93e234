package dev.vibe.runner.bootstrap.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.vibe.runner.testkit.NodeServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Looks into a running distribution: by its socket, its log, over HTTP, and by a flight recording. */
@Timeout(180)
class StatusTest {
    private static final Duration SOON = Duration.ofSeconds(30);

    @TempDir
    private Path home = Path.of("");

    private Map<String, String> environment(String url) {
        return new HashMap<>(Map.of(
                "PATH",
                System.getenv("PATH"),
                "HOME",
                home.toString(),
                "VIBE_SERVER_URL",
                url,
                "VIBE_AUTH_TOKEN",
                NodeServer.TOKEN,
                "VIBE_ENDPOINT_ID",
                "e2b-status",
                "VIBE_SCRIPTED_AGENT",
                "true",
                "VIBE_STATE_DIR",
                home.resolve("state").toString(),
                "VIBE_WORKING_DIR",
                home.toString()));
    }

    /** Only what finds the runner: no token, no server. */
    private Map<String, String> stranger() {
        return Map.of(
                "PATH",
                System.getenv("PATH"),
                "HOME",
                home.toString(),
                "VIBE_STATE_DIR",
                home.resolve("state").toString());
    }

    private static <T> T await(Callable<T> look, Predicate<T> wanted) throws Exception {
        long end = System.nanoTime() + SOON.toNanos();
        T last = look.call();
        while (!wanted.test(last)) {
            assertTrue(System.nanoTime() < end, "not within " + SOON + ": " + last);
            Thread.sleep(50);
            last = look.call();
        }
        return last;
    }

    private JsonNode status() throws Exception {
        return await(() -> Tool.run(home, stranger(), "status", "--json"), tool -> tool.code() == 0)
                .json();
    }

    @Test
    void aRunnerShowsItsSessionWhileItRunsAndNothingAfterItsEnd() throws Exception {
        try (NodeServer server = NodeServer.start();
                RunnerProcess runner =
                        RunnerProcess.start(home, environment(server.uri().toString()))) {
            server.awaitEvent("endpoint:register", SOON);
            server.emit(
                    "session:start", Map.of("sessionId", "s-1", "agentType", "scripted", "initialMessage", "hello"));
            server.awaitEvent("message:from-claude", said -> said.toString().contains("echo: hello"), SOON);

            JsonNode status =
                    await(this::status, node -> node.at("/delivery/unconfirmed").asInt() == 0);
            assertEquals("e2b-status", status.path("endpoint").asText());
            assertEquals(runner.java(), status.path("pid").asLong());
            assertEquals("registered", status.at("/connection/state").asText());
            assertTrue(status.at("/connection/roundTripMillis").asDouble() > 0, status::toString);
            JsonNode session = status.path("sessions").path(0);
            assertEquals("s-1", session.path("id").asText());
            assertEquals("running", session.path("state").asText());
            assertTrue(session.path("memoryBytes").asLong() > 1_000_000, session::toString);
            assertTrue(session.path("lines").asLong() > 0, session::toString);
            assertTrue(session.path("turnMillis").isNull(), session::toString);
            assertTrue(ProcessHandle.of(session.path("pid").asLong()).isPresent(), session::toString);

            String text = Tool.run(home, stranger(), "status").said();
            assertTrue(text.contains("registered for"), text);
            assertTrue(text.contains("1 of 1"), text);
            String table = Tool.run(home, stranger(), "sessions", "--endpoint", "e2b-status")
                    .said();
            assertTrue(table.contains("UNCONFIRMED") && table.contains("s-1"), table);
            assertEquals(
                    1,
                    Tool.run(home, stranger(), "status", "--endpoint", "other").code());
            Tool log = Tool.run(home, stranger(), "logs", "--session", "s-1");
            assertTrue(
                    log.said()
                            .contains("[s-1] Session: scripted runs, pid "
                                    + session.path("pid").asText()),
                    log.said());
            assertFalse(log.said().contains("registered as"), log.said());

            server.emit("session:stop", Map.of("sessionId", "s-1"));
            server.awaitEvent("session:ended", SOON);
            runner.terminate();
            assertEquals(0, runner.awaitExit(SOON), runner.log());
            assertEquals(1, Tool.run(home, stranger(), "status").code());
            assertTrue(
                    Tool.run(home, stranger(), "logs").said().contains("registered as"), "the log outlives the runner");
        }
    }

    @Test
    void severalRunnersAreToldApart() throws Exception {
        Map<String, String> other = environment("http://127.0.0.1:9");
        other.put("VIBE_ENDPOINT_ID", "e2b-other");
        Path elsewhere = Files.createDirectory(home.resolve("other"));
        try (RunnerProcess _ = RunnerProcess.start(home, environment("http://127.0.0.1:9"));
                RunnerProcess _ = RunnerProcess.start(elsewhere, other)) {
            Tool both = await(
                    () -> Tool.run(home, stranger(), "status"),
                    tool -> tool.said().contains("e2b-other") && tool.said().contains("e2b-status"));
            assertTrue(both.said().contains("connecting for"), both.said());
            assertTrue(
                    both.said().contains("Connection refused") || both.said().contains("Failed to connect"),
                    both.said());
            Tool one = Tool.run(home, stranger(), "status", "-e", "e2b-other");
            assertFalse(one.said().contains("e2b-status"), one.said());
        }
    }

    private static String get(int port, String path) throws IOException {
        HttpURLConnection connection = (HttpURLConnection)
                URI.create("http://127.0.0.1:" + port + path).toURL().openConnection();
        try {
            int status = connection.getResponseCode();
            try (InputStream in = status < 400 ? connection.getInputStream() : connection.getErrorStream()) {
                return status + " " + new String(in.readAllBytes(), StandardCharsets.UTF_8);
            }
        } catch (ConnectException notYet) {
            return "000 " + notYet.getMessage();
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    @Test
    void healthAndMetricsFollowTheRunner() throws Exception {
        int port = freePort();
        try (NodeServer server = NodeServer.start()) {
            Map<String, String> environment = environment(server.uri().toString());
            environment.put("VIBE_HTTP_PORT", String.valueOf(port));
            try (RunnerProcess runner = RunnerProcess.start(home, environment)) {
                await(() -> get(port, "/readyz"), page -> page.equals("200 {\"status\":\"ok\",\"reasons\":[]}\n"));
                server.emit(
                        "session:start",
                        Map.of("sessionId", "s-1", "agentType", "scripted", "initialMessage", "hello"));
                server.awaitEvent("message:from-claude", said -> said.toString().contains("\"result\""), SOON);
                String metrics = await(
                        () -> get(port, "/metrics"),
                        page -> page.contains("vibe_runner_link_round_trip_seconds_count"));
                for (String line : List.of(
                        "vibe_runner_session_starts_total{agent=\"scripted\",outcome=\"started\"} 1.0",
                        "vibe_runner_sessions{agent=\"scripted\",state=\"running\"} 1.0",
                        "vibe_runner_turn_duration_seconds_count{agent=\"scripted\"} 1",
                        "vibe_runner_agent_ready_seconds_count{agent=\"scripted\"} 1",
                        "vibe_runner_registered 1.0")) {
                    assertTrue(metrics.contains(line + "\n"), () -> line + " is not in\n" + metrics);
                }
                assertTrue(ProcessHandle.of(server.pid()).orElseThrow().destroyForcibly());
                String away = await(() -> get(port, "/readyz"), page -> page.startsWith("503"));
                assertTrue(away.contains("not registered: connecting"), away);
                assertTrue(get(port, "/healthz").startsWith("200"));
                assertTrue(get(port, "/metrics").contains("vibe_runner_registered 0.0\n"));
                runner.terminate();
            }
        }
    }

    /** Agents can ask both. */
    @Test
    void aTokenThatTheServerNamesIsShownToNobody() throws Exception {
        int port = freePort();
        String words = "Invalid auth token: ";
        try (NodeServer server = NodeServer.start(Map.of("refuse", "event", "refusal", words + NodeServer.TOKEN))) {
            Map<String, String> environment = environment(server.uri().toString());
            environment.put("VIBE_HTTP_PORT", String.valueOf(port));
            try (RunnerProcess _ = RunnerProcess.start(home, environment)) {
                String status = await(
                        () -> Tool.run(home, stranger(), "status", "--json").said(), said -> said.contains(words));
                assertTrue(status.contains(words + "********"), status);
                assertFalse(status.contains(words + NodeServer.TOKEN), status);
                String page = await(() -> get(port, "/readyz"), said -> said.startsWith("503"));
                assertFalse(page.contains(words + NodeServer.TOKEN), page);
            }
        }
    }

    @Test
    void aPortThatIsTakenIsAWarningAndNoEnd() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                NodeServer server = NodeServer.start()) {
            Map<String, String> environment = environment(server.uri().toString());
            environment.put("VIBE_HTTP_PORT", String.valueOf(taken.getLocalPort()));
            try (RunnerProcess runner = RunnerProcess.start(home, environment)) {
                server.awaitEvent("endpoint:register", SOON);
                await(runner::log, log -> log.contains("no health and metrics"));
                JsonNode status = status();
                assertTrue(status.path("problems").toString().contains("VIBE_HTTP_PORT"), status::toString);
            }
        }
    }

    @Test
    void aFlightRecordingHoldsWhatHappened() throws Exception {
        Path recording = home.resolve("runner.jfr");
        try (NodeServer server = NodeServer.start()) {
            Map<String, String> environment = environment(server.uri().toString());
            environment.put(
                    "VIBE_RUNNER_JAVA_OPTS", "-XX:StartFlightRecording:filename=" + recording + ",dumponexit=true");
            try (RunnerProcess runner = RunnerProcess.start(home, environment)) {
                server.awaitEvent("endpoint:register", SOON);
                server.emit(
                        "session:start",
                        Map.of("sessionId", "s-1", "agentType", "scripted", "initialMessage", "hello"));
                server.awaitEvent("message:from-claude", said -> said.toString().contains("\"result\""), SOON);
                runner.terminate();
                assertEquals(0, runner.awaitExit(SOON), runner.log());
                assertFalse(runner.log().contains("[error]"), runner.log());
            }
        }
        List<String> names = jdk.jfr.consumer.RecordingFile.readAllEvents(recording).stream()
                .map(event -> event.getEventType().getName())
                .filter(name -> name.startsWith("dev.vibe.runner."))
                .distinct()
                .toList();
        for (String name :
                List.of("Connected", "SessionStart", "AgentSpawn", "AgentReady", "Turn", "SessionEnd", "RoundTrip")) {
            assertTrue(names.contains("dev.vibe.runner." + name), () -> name + " is not in " + names);
        }
    }
}
