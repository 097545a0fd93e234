package dev.vibe.runner.testkit.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * The model server: listens on 127.0.0.1, answers as {@link Directive} says, records what it is asked. For Claude Code
 * set {@code ANTHROPIC_BASE_URL} to {@link #url}, for Codex a provider's {@code base_url} to {@link #url} + {@code /v1}.
 */
public final class ModelServer implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private final HttpServer http;
    private final ExecutorService threads = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("model-server-", 0).factory());
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Recorder recorder = new Recorder();
    private final Script script = new Script();
    private final Map<String, Api> apis =
            Map.of("/v1/messages", new AnthropicApi(), "/v1/responses", new ResponsesApi());

    private ModelServer(HttpServer http) {
        this.http = http;
        http.setExecutor(threads);
        http.createContext("/", this::handle);
        http.start();
    }

    /** Starts a server on a free port. */
    public static ModelServer start() {
        return start(0);
    }

    /**
     * Starts a server.
     *
     * @param port on 127.0.0.1, 0 for a free one
     */
    public static ModelServer start(int port) {
        try {
            return new ModelServer(HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Where it listens: {@code http://127.0.0.1:PORT}, no slash at the end. */
    public URI url() {
        return URI.create("http://127.0.0.1:" + http.getAddress().getPort());
    }

    /** All requests so far, oldest first. */
    public List<ModelRequest> requests() {
        return recorder.all();
    }

    /**
     * Waits for a request, past or future.
     *
     * @throws AssertionError when none came within {@code timeout}; names those that did
     */
    public ModelRequest awaitRequest(Predicate<ModelRequest> wanted, Duration timeout) throws InterruptedException {
        return recorder.await(wanted, timeout);
    }

    /** Ends every answer under way and all threads. Idempotent; waits for them for at most 5 s. */
    @Override
    public void close() {
        // Connections first: a handler that ends while its own still stands would end its answer as if it were whole.
        http.stop(0);
        closing.countDown();
        threads.shutdownNow();
        try {
            if (!threads.awaitTermination(5, TimeUnit.SECONDS)) {
                throw new IllegalStateException("a handler of the model server does not end");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void handle(HttpExchange http) throws IOException {
        try (http) {
            byte[] bytes = http.getRequestBody().readAllBytes();
            JsonNode body = bytes.length == 0 ? MissingNode.getInstance() : JSON.readTree(bytes);
            String path = http.getRequestURI().getPath();
            Exchange exchange = new Exchange(http, closing);
            Api api = apis.get(path);
            if (api == null || !"POST".equals(http.getRequestMethod())) {
                recorder.add(request(http, body, new Prompt("", null, 0, List.of())));
                other(path, exchange);
                return;
            }
            Prompt prompt = api.read(body);
            recorder.add(request(http, body, prompt));
            api.write(body, prompt, script.reply(prompt), exchange);
        }
    }

    /** What agents ask beside prompts. */
    private static void other(String path, Exchange exchange) throws IOException {
        ObjectNode body = NODES.objectNode();
        if ("/v1/messages/count_tokens".equals(path)) {
            exchange.json(200, body.put("input_tokens", 10));
        } else if ("/v1/models".equals(path)) {
            body.put("object", "list").put("has_more", false).putArray("data");
            body.putArray("models");
            exchange.json(200, body);
        } else if ("/".equals(path)) {
            exchange.json(200, body);
        } else {
            exchange.json(404, body.put("error", "no such path: " + path));
        }
    }

    private static ModelRequest request(HttpExchange http, JsonNode body, Prompt prompt) {
        Map<String, String> headers = http.getRequestHeaders().entrySet().stream()
                .collect(Collectors.toMap(
                        e -> e.getKey().toLowerCase(Locale.ROOT),
                        e -> e.getValue().getFirst()));
        return new ModelRequest(
                http.getRequestMethod(),
                http.getRequestURI().getPath(),
                headers,
                body,
                prompt.text(),
                prompt.toolResult() != null,
                prompt.tools());
    }
}
