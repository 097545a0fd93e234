package dev.vibe.runner.testkit.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** One answer on its way: a JSON body, or server-sent events with pauses that end when the server closes. */
final class Exchange {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpExchange http;
    private final CountDownLatch closing;

    Exchange(HttpExchange http, CountDownLatch closing) {
        this.http = http;
        this.closing = closing;
    }

    void json(int status, JsonNode body) throws IOException {
        byte[] bytes = JSON.writeValueAsBytes(body);
        http.getResponseHeaders().set("content-type", "application/json");
        http.sendResponseHeaders(status, bytes.length);
        http.getResponseBody().write(bytes);
    }

    void startEvents() throws IOException {
        http.getResponseHeaders().set("content-type", "text/event-stream");
        http.getResponseHeaders().set("cache-control", "no-cache");
        http.sendResponseHeaders(200, 0);
    }

    /** Sends one event, named as its {@code type} says: both APIs do so. */
    void event(JsonNode data) throws IOException {
        String event = "event: " + data.path("type").asText() + "\ndata: " + JSON.writeValueAsString(data) + "\n\n";
        OutputStream out = http.getResponseBody();
        out.write(event.getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    /** Waits, or throws when the server closes meanwhile. */
    void pause(Duration duration) throws IOException {
        if (duration.isZero()) {
            return;
        }
        try {
            if (closing.await(duration.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IOException("the model server closes");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("the model server closes", e);
        }
    }
}
