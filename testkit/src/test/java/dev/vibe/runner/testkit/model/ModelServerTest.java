package dev.vibe.runner.testkit.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ModelServerTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final ModelServer server = ModelServer.start();
    private final HttpClient client = HttpClient.newHttpClient();

    @AfterEach
    void close() {
        server.close();
        client.shutdownNow();
    }

    @Test
    void echoesWhatTheUserSaidLast() throws Exception {
        JsonNode message = post("/v1/messages", claude("hello", false));

        assertEquals("echo: hello (messages=1)", message.at("/content/0/text").asText());
        assertEquals("end_turn", message.path("stop_reason").asText());
    }

    @Test
    void passesOverWhatTheAgentAdds() throws Exception {
        JsonNode message = post("/v1/messages", """
                {"messages":[{"role":"user","content":[{"type":"text","text":"hello"},
                {"type":"text","text":"<system-reminder>be nice</system-reminder>"}]}]}""");

        assertEquals("echo: hello (messages=1)", message.at("/content/0/text").asText());
    }

    @Test
    void streamsClaudesEventsInTheirOrder() throws Exception {
        List<JsonNode> events = stream("/v1/messages", claude("[SLOW:3:1]", true));

        assertEquals(
                List.of(
                        "message_start",
                        "content_block_start",
                        "content_block_delta",
                        "content_block_delta",
                        "content_block_delta",
                        "content_block_stop",
                        "message_delta",
                        "message_stop"),
                types(events));
        assertEquals("w1 ", events.get(3).at("/delta/text").asText());
    }

    @Test
    void asksClaudeToRunACommandThenSaysWhatItGave() throws Exception {
        JsonNode call = post("/v1/messages", claude("do [TOOL:ls [a-z]*] please", false));
        assertEquals("Bash", call.at("/content/0/name").asText());
        assertEquals("ls [a-z]*", call.at("/content/0/input/command").asText());
        assertEquals("tool_use", call.path("stop_reason").asText());

        JsonNode answer = post("/v1/messages", """
                {"messages":[{"role":"user","content":"do [TOOL:ls]"},{"role":"assistant","content":[]},
                {"role":"user","content":[{"type":"tool_result","content":"a.txt"}]}]}""");
        assertEquals("tool result: a.txt", answer.at("/content/0/text").asText());
        assertTrue(server.requests().getLast().toolResults());
    }

    @Test
    void followsANewMessageAfterAToolResult() throws Exception {
        JsonNode answer = post("/v1/messages", """
                {"messages":[{"role":"user","content":[{"type":"tool_result","content":"a.txt"}]},
                {"role":"assistant","content":[]},{"role":"user","content":"next"}]}""");

        assertEquals("echo: next (messages=3)", answer.at("/content/0/text").asText());
    }

    @Test
    void streamsCodexsEventsInTheirOrder() throws Exception {
        List<JsonNode> events = stream("/v1/responses", codex("hello"));

        assertEquals(
                List.of(
                        "response.created",
                        "response.output_item.added",
                        "response.output_text.delta",
                        "response.output_item.done",
                        "response.completed"),
                types(events));
        assertEquals(
                "echo: hello (messages=1)",
                events.get(3).at("/item/content/0/text").asText());
    }

    @Test
    void callsTheShellThatCodexOffers() throws Exception {
        JsonNode call = stream("/v1/responses", codex("[TOOL:ls]")).get(2).path("item");

        assertEquals("exec_command", call.path("name").asText());
        assertEquals(
                "ls", JSON.readTree(call.path("arguments").asText()).path("cmd").asText());
    }

    @Test
    void failsAsOftenAsItIsTold() throws Exception {
        String prompt = claude("[ERROR:529:1]", false);

        assertEquals(529, send("/v1/messages", prompt).statusCode());
        assertEquals(200, send("/v1/messages", prompt).statusCode());
    }

    @Test
    void saysAsManyBytesAsItIsTold() throws Exception {
        JsonNode message = post("/v1/messages", claude("[BIG:200000]", false));

        assertEquals(200_000, message.at("/content/0/text").asText().length());
    }

    @Test
    void recordsWhatItIsAsked() throws Exception {
        CompletableFuture<HttpResponse<String>> answer = sendAsync("/v1/responses", codex("[HANG]"));

        ModelRequest request = server.awaitRequest(r -> r.text().equals("[HANG]"), Duration.ofSeconds(10));

        assertEquals("/v1/responses", request.path());
        assertEquals("Bearer k", request.headers().get("authorization"));
        assertEquals(List.of("exec_command"), request.tools());
        assertFalse(answer.isDone());
    }

    @Test
    void answersWhatAgentsAskBesides() throws Exception {
        assertEquals(
                10, post("/v1/messages/count_tokens", "{}").path("input_tokens").asInt());
        assertEquals(404, send("/v1/else", "{}").statusCode());
    }

    @Test
    void leavesNothingBehindWhenItCloses() throws Exception {
        CompletableFuture<HttpResponse<String>> hanging = sendAsync("/v1/messages", claude("[HANG]", true));
        CompletableFuture<HttpResponse<String>> slow = sendAsync("/v1/messages", claude("[SLOW:9:60000]", true));
        server.awaitRequest(r -> r.text().equals("[HANG]"), Duration.ofSeconds(10));
        server.awaitRequest(r -> r.text().startsWith("[SLOW"), Duration.ofSeconds(10));

        server.close();

        assertThrows(ExecutionException.class, () -> hanging.get(10, TimeUnit.SECONDS));
        assertThrows(ExecutionException.class, () -> slow.get(10, TimeUnit.SECONDS));
        assertThrows(ConnectException.class, () -> send("/", "{}"));
        assertEquals(
                List.of(),
                Thread.getAllStackTraces().keySet().stream()
                        .filter(thread -> thread.getName().startsWith("HTTP-Dispatcher"))
                        .toList());
    }

    private static String claude(String text, boolean stream) {
        return """
                {"model":"m","stream":%s,"messages":[{"role":"user","content":[{"type":"text","text":"%s"}]}]}""".formatted(stream, text);
    }

    private static String codex(String text) {
        return """
                {"stream":true,"tools":[{"type":"function","name":"exec_command"}],
                "input":[{"type":"message","role":"user","content":[{"type":"input_text","text":"%s"}]}]}""".formatted(text);
    }

    private JsonNode post(String path, String body) throws IOException, InterruptedException {
        return JSON.readTree(send(path, body).body());
    }

    private List<JsonNode> stream(String path, String body) throws Exception {
        try (Stream<String> lines = send(path, body).body().lines()) {
            return lines.filter(line -> line.startsWith("data: "))
                    .map(line -> parse(line.substring("data: ".length())))
                    .toList();
        }
    }

    private static JsonNode parse(String json) {
        try {
            return JSON.readTree(json);
        } catch (IOException e) {
            throw new AssertionError(json, e);
        }
    }

    private static List<String> types(List<JsonNode> events) {
        return events.stream().map(event -> event.path("type").asText()).toList();
    }

    private HttpResponse<String> send(String path, String body) throws IOException, InterruptedException {
        return client.send(request(path, body), BodyHandlers.ofString());
    }

    private CompletableFuture<HttpResponse<String>> sendAsync(String path, String body) {
        return client.sendAsync(request(path, body), BodyHandlers.ofString());
    }

    private HttpRequest request(String path, String body) {
        return HttpRequest.newBuilder(URI.create(server.url() + path))
                .timeout(Duration.ofSeconds(30))
                .header("authorization", "Bearer k")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
    }
}
