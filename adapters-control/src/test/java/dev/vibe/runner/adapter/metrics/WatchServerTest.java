package dev.vibe.runner.adapter.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.vibe.runner.application.port.in.ConnectionView;
import dev.vibe.runner.application.port.in.DeliveryView;
import dev.vibe.runner.application.port.in.EndpointView;
import dev.vibe.runner.application.port.in.Inspection;
import dev.vibe.runner.application.port.in.SessionView;
import dev.vibe.runner.application.port.out.Telemetry.Start;
import dev.vibe.runner.domain.AgentType;
import dev.vibe.runner.domain.EndpointId;
import dev.vibe.runner.domain.SessionId;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class WatchServerTest {
    private static final SessionId SESSION = new SessionId("s1");

    private record Page(int status, String type, String body) {}

    /** A runner that is as the test says. */
    private static final class Still implements Inspection {
        volatile ConnectionView.State state = ConnectionView.State.REGISTERED;
        volatile @Nullable String problem;

        @Override
        public EndpointView look() {
            return new EndpointView(
                    new EndpointId("e2b-\"1\""),
                    Instant.EPOCH,
                    4,
                    List.of(),
                    new ConnectionView(
                            state,
                            Instant.EPOCH,
                            3,
                            null,
                            List.of(new ConnectionView.Change(Instant.EPOCH, state, "it rains", 1))),
                    new DeliveryView(7, 700, 2, problem),
                    new EndpointView.Totals(1000, 50_000),
                    List.of(
                            session("a", AgentType.CLAUDE, 100L),
                            session("b", AgentType.CLAUDE, 50L),
                            session("c", AgentType.CODEX, null)));
        }

        private static SessionView session(String id, AgentType agent, @Nullable Long memory) {
            return new SessionView(
                    new SessionId(id), agent, "running", Duration.ZERO, null, false, 1L, memory, null, 1, 2, 3, 4);
        }

        @Override
        public CompletionStage<Void> firstAttempt() {
            return CompletableFuture.completedFuture(null);
        }
    }

    private final Still runner = new Still();
    private final Metrics metrics = new Metrics();

    private Page get(WatchServer server, String method, String path) throws Exception {
        HttpURLConnection connection = (HttpURLConnection)
                URI.create("http://127.0.0.1:" + server.port() + path).toURL().openConnection();
        connection.setRequestMethod(method);
        int status = connection.getResponseCode();
        try (InputStream in = status < 400 ? connection.getInputStream() : connection.getErrorStream()) {
            String body = in == null ? "" : new String(in.readAllBytes(), StandardCharsets.UTF_8);
            return new Page(status, connection.getContentType(), body);
        }
    }

    private WatchServer open() throws Exception {
        metrics.add(runner, "1.2.3");
        return WatchServer.open("127.0.0.1", 0, runner, metrics);
    }

    @Test
    void isReadyWhileRegisteredAndSafe() throws Exception {
        try (WatchServer server = open()) {
            assertEquals(
                    new Page(200, "application/json", "{\"status\":\"ok\",\"reasons\":[]}\n"),
                    get(server, "GET", "/readyz"));
        }
    }

    @Test
    void saysWhyItIsNotReadyAndLivesAllTheSame() throws Exception {
        runner.state = ConnectionView.State.CONNECTING;
        runner.problem = "the journal cannot be written";
        try (WatchServer server = open()) {
            Page page = get(server, "GET", "/readyz");
            assertEquals(503, page.status());
            assertTrue(
                    page.body().contains("not registered: connecting since 1970-01-01T00:00:00Z (it rains)"),
                    page.body());
            assertTrue(page.body().contains("the journal cannot be written"), page.body());
            assertEquals(200, get(server, "GET", "/healthz").status());
        }
    }

    @Test
    void showsWhatIsAndWhatHappened() throws Exception {
        metrics.start(AgentType.CLAUDE, Start.STARTED);
        metrics.start(null, Start.REFUSED);
        metrics.ended(SESSION, AgentType.CLAUDE, "completed", Duration.ofSeconds(3));
        metrics.spawned(SESSION, AgentType.CLAUDE, Duration.ofMillis(20));
        metrics.turn(SESSION, AgentType.CLAUDE, Duration.ofSeconds(4));
        metrics.roundTrip(Duration.ofMillis(2));
        try (WatchServer server = open()) {
            Page page = get(server, "GET", "/metrics");
            assertEquals(200, page.status());
            assertTrue(page.type().startsWith("text/plain; version=0.0.4"), page.type());
            for (String line : List.of(
                    "vibe_runner_info{endpoint=\"e2b-\\\"1\\\"\",version=\"1.2.3\"} 1",
                    "vibe_runner_sessions{agent=\"claude\",state=\"running\"} 2.0",
                    "vibe_runner_sessions{agent=\"codex\",state=\"running\"} 1.0",
                    "vibe_runner_sessions_limit 4.0",
                    "vibe_runner_agent_memory_bytes{agent=\"claude\"} 150.0",
                    "vibe_runner_input_queue 9.0",
                    "vibe_runner_agent_lines_total 1000.0",
                    "vibe_runner_agent_output_bytes_total 50000.0",
                    "vibe_runner_delivery_unconfirmed 7.0",
                    "vibe_runner_delivery_unconfirmed_bytes 700.0",
                    "vibe_runner_delivery_resent_total 2.0",
                    "vibe_runner_registered 1.0",
                    "vibe_runner_link_reconnects_total 2.0",
                    "vibe_runner_session_starts_total{agent=\"claude\",outcome=\"started\"} 1.0",
                    "vibe_runner_session_starts_total{agent=\"unknown\",outcome=\"refused\"} 1.0",
                    "vibe_runner_session_ends_total{agent=\"claude\",reason=\"completed\"} 1.0",
                    "vibe_runner_agent_spawn_seconds_bucket{agent=\"claude\",le=\"0.025\"} 1",
                    "vibe_runner_turn_duration_seconds_sum{agent=\"claude\"} 4.0",
                    "vibe_runner_link_round_trip_seconds_count 1")) {
                assertTrue(page.body().contains(line + "\n"), () -> line + " is not in\n" + page.body());
            }
        }
    }

    @Test
    void answersNothingElse() throws Exception {
        try (WatchServer server = open()) {
            assertEquals(404, get(server, "GET", "/metrics/more").status());
            assertEquals(404, get(server, "GET", "/").status());
            assertEquals(405, get(server, "POST", "/metrics").status());
            assertEquals(new Page(200, "application/json", ""), get(server, "HEAD", "/healthz"));
        }
    }
}
