package dev.vibe.runner.e2b;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A stand-in for E2B's API: it listens on 127.0.0.1, accepts a template's build, keeps all it is sent, and builds nothing. */
final class E2bApi implements AutoCloseable {
    /** The one key it accepts. */
    static final String KEY = "e2b_" + "0123456789".repeat(4);

    /** What its build log says. */
    static final String LOG = "a line of the build log";

    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * A request, except uploads.
     *
     * @param body missing where it has none
     */
    record Call(String method, String path, JsonNode body) {
        @Override
        public String toString() {
            return method + " " + path;
        }
    }

    private final HttpServer http;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Path directory;
    private final int failingStep;
    private final List<Call> calls = new CopyOnWriteArrayList<>();
    private final Map<String, Path> uploads = new ConcurrentHashMap<>();

    private E2bApi(Path directory, int failingStep) throws IOException {
        this.directory = Files.createDirectories(directory);
        this.failingStep = failingStep;
        http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        http.setExecutor(threads);
        http.createContext("/", this::handle);
        http.start();
    }

    /** One that lets every build succeed. */
    static E2bApi start(Path uploads) throws IOException {
        return new E2bApi(uploads, 0);
    }

    /** One whose builds fail at a step, counted from 1. */
    static E2bApi failingAt(Path uploads, int step) throws IOException {
        return new E2bApi(uploads, step);
    }

    /** For {@code E2B_API_URL}. */
    URI url() {
        return URI.create("http://127.0.0.1:" + http.getAddress().getPort());
    }

    List<Call> calls() {
        return List.copyOf(calls);
    }

    /** The body of the only request of this method whose path ends so. */
    JsonNode body(String method, String end) {
        List<Call> found = calls.stream()
                .filter(call -> call.method().equals(method) && call.path().endsWith(end))
                .toList();
        if (found.size() != 1) {
            throw new AssertionError("not one " + method + " ..." + end + " among " + calls);
        }
        return found.getFirst().body();
    }

    /** The uploaded archives by their hash. */
    Map<String, Path> uploads() {
        return Map.copyOf(uploads);
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath();
            if (path.startsWith("/upload/")) {
                String hash = path.substring("/upload/".length());
                Path file = directory.resolve(hash);
                Files.copy(exchange.getRequestBody(), file);
                uploads.put(hash, file);
                exchange.sendResponseHeaders(200, -1);
                return;
            }
            byte[] body = exchange.getRequestBody().readAllBytes();
            calls.add(new Call(exchange.getRequestMethod(), path, JSON.readTree(body)));
            if (!KEY.equals(exchange.getRequestHeaders().getFirst("X-API-Key"))) {
                answer(exchange, 401, Map.of("code", 401, "message", "Invalid API key"));
            } else {
                answer(exchange, path);
            }
        }
    }

    private void answer(HttpExchange exchange, String path) throws IOException {
        if (path.equals("/v3/templates")) {
            answer(
                    exchange,
                    202,
                    Map.of("templateID", "t-1", "buildID", "b-1", "public", false, "tags", List.of("default")));
        } else if (path.startsWith("/templates/t-1/files/")) {
            String hash = path.substring(path.lastIndexOf('/') + 1);
            answer(exchange, 201, Map.of("present", false, "url", url() + "/upload/" + hash));
        } else if (path.equals("/v2/templates/t-1/builds/b-1")) {
            answer(exchange, 202, Map.of());
        } else if (path.equals("/templates/t-1/builds/b-1/status")) {
            answer(exchange, 200, status(exchange.getRequestURI().getQuery()));
        } else {
            answer(exchange, 404, Map.of("code", 404, "message", "no such path: " + path));
        }
    }

    private Map<String, Object> status(String query) {
        List<Object> log = query.equals("logsOffset=0")
                ? List.of(Map.of("timestamp", "2026-01-01T00:00:00Z", "level", "info", "message", LOG))
                : List.of();
        Map<String, Object> common =
                Map.of("templateID", "t-1", "buildID", "b-1", "logs", List.of(), "logEntries", log);
        Map<String, Object> all = new TreeMap<>(common);
        all.put("status", failingStep == 0 ? "ready" : "error");
        if (failingStep > 0) {
            all.put(
                    "reason",
                    Map.of(
                            "message",
                            "exit status 100",
                            "step",
                            Integer.toString(failingStep),
                            "logEntries",
                            List.of()));
        }
        return all;
    }

    private static void answer(HttpExchange exchange, int status, Map<String, ?> body) throws IOException {
        byte[] bytes = JSON.writeValueAsString(body).getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    @Override
    public void close() {
        http.stop(0);
        threads.shutdownNow();
    }
}
