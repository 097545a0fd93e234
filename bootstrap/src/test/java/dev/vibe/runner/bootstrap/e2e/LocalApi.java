package dev.vibe.runner.bootstrap.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.vibe.runner.testkit.EventLog;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;

/** What the console's page asks the local server, asked by a test. */
final class LocalApi implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration SOON = Duration.ofSeconds(40);

    private final URI console;
    private final HttpURLConnection stream;
    private final EventLog<JsonNode> events = new EventLog<>("events of the local server");

    /** Follows what happens from now on. */
    LocalApi(URI console) throws IOException {
        this.console = console;
        stream = open("/api/events?" + console.getQuery());
        BufferedReader lines =
                new BufferedReader(new InputStreamReader(stream.getInputStream(), StandardCharsets.UTF_8));
        Thread.ofPlatform().daemon().name("local-events").start(() -> {
            try (lines) {
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                    if (line.startsWith("data:")) {
                        events.add(JSON.readTree(line.substring("data:".length())));
                    }
                }
            } catch (IOException _) {
                // the server has ended
            }
        });
    }

    /** Asks for a session and returns its id. */
    String start(Map<String, ?> request) throws IOException {
        return post("/api/sessions", request).path("sessionId").asText();
    }

    /** Does something to a session: {@code messages}, {@code interrupt}, {@code stop}. */
    void act(String session, String action, Map<String, ?> body) throws IOException {
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

    private JsonNode post(String path, Map<String, ?> body) throws IOException {
        HttpURLConnection request = open(path);
        request.setRequestMethod("POST");
        request.setDoOutput(true);
        request.getOutputStream().write(JSON.writeValueAsBytes(body));
        try (var answer = request.getInputStream()) {
            return JSON.readTree(answer);
        }
    }

    private HttpURLConnection open(String path) throws IOException {
        HttpURLConnection request =
                (HttpURLConnection) console.resolve(path).toURL().openConnection();
        request.setRequestProperty(
                "Authorization", "Bearer " + console.getQuery().substring("token=".length()));
        return request;
    }

    @Override
    public void close() {
        stream.disconnect();
    }
}
