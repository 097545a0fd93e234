package dev.vibe.runner.bootstrap.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.vibe.runner.testkit.EventLog;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** What the console's page asks the local server, asked by a test. */
final class LocalApi implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration SOON = Duration.ofSeconds(40);

    private final URI console;
    private final HttpClient client = HttpClient.newHttpClient();
    private final EventLog<JsonNode> events = new EventLog<>("events of the local server");

    /** Follows what happens from now on. */
    LocalApi(URI console) throws IOException, InterruptedException {
        this.console = console;
        HttpResponse<Stream<String>> stream =
                client.send(request("/api/events?" + console.getQuery()).build(), BodyHandlers.ofLines());
        assertEquals(200, stream.statusCode());
        Thread.ofPlatform().daemon().name("local-events").start(() -> {
            try (Stream<String> lines = stream.body()) {
                lines.filter(line -> line.startsWith("data:")).forEach(this::heard);
            } catch (UncheckedIOException _) {
                // the server, or this client, has ended
            }
        });
    }

    private void heard(String line) {
        try {
            events.add(JSON.readTree(line.substring("data:".length())));
        } catch (IOException invalid) {
            throw new AssertionError("no JSON: " + line, invalid);
        }
    }

    /** Asks for a session and returns its id. */
    String start(Map<String, ?> request) throws IOException, InterruptedException {
        return post("/api/sessions", request).path("sessionId").asText();
    }

    /** Does something to a session: {@code messages}, {@code interrupt}, {@code stop}. */
    void act(String session, String action, Map<String, ?> body) throws IOException, InterruptedException {
        post("/api/sessions/" + session + "/" + action, body);
    }

    /** Waits until the agent says this. */
    void awaitWords(String session, String words) throws InterruptedException {
        events.awaitAll(
                "\"" + words + "\"",
                all -> all.stream()
                        .anyMatch(event -> event.path("sessionId").asText().equals(session)
                                && event.at("/entry/from").asText().equals("agent")
                                && event.path("entry").toString().contains(words)),
                SOON);
    }

    /** Waits until a session is in this state. */
    void awaitState(String session, String state) throws InterruptedException {
        events.awaitAll(
                "session " + state,
                all -> all.stream()
                        .anyMatch(event -> event.path("sessionId").asText().equals(session)
                                && event.path("state").asText().equals(state)),
                SOON);
    }

    /** Waits until an endpoint offers these agents. */
    void awaitAgents(List<String> agents) throws InterruptedException {
        JsonNode wanted = JSON.valueToTree(agents);
        events.awaitAll(
                "an endpoint with " + agents,
                all -> all.stream()
                        .anyMatch(event -> event.path(0).path("agents").equals(wanted)),
                SOON);
    }

    private JsonNode post(String path, Map<String, ?> body) throws IOException, InterruptedException {
        HttpResponse<String> answer = client.send(
                request(path)
                        .POST(BodyPublishers.ofString(JSON.writeValueAsString(body)))
                        .build(),
                BodyHandlers.ofString());
        assertEquals(2, answer.statusCode() / 100, answer::body);
        return JSON.readTree(answer.body());
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(console.resolve(path))
                .timeout(SOON)
                .header("Authorization", "Bearer " + console.getQuery().substring("token=".length()));
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
