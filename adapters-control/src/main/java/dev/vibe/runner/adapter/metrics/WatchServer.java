package dev.vibe.runner.adapter.metrics;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.vibe.runner.application.port.in.Inspection;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers {@code GET} of {@code /healthz}, {@code /readyz} and {@code /metrics}, and changes nothing. Whoever reaches its
 * port may ask, so it says no secret and no word of a session.
 */
public final class WatchServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(WatchServer.class);
    private static final int THREADS = 2;
    private static final int BACKLOG = 16;
    private static final int OK = 200;
    private static final int NOT_FOUND = 404;
    private static final int METHOD_NOT_ALLOWED = 405;
    private static final int UNAVAILABLE = 503;

    static {
        // Who connects and says nothing, or reads nothing, must not hold a thread for ever. Seconds.
        System.setProperty("sun.net.httpserver.maxReqTime", "5");
        System.setProperty("sun.net.httpserver.maxRspTime", "10");
        System.setProperty("jdk.httpserver.maxConnections", "32");
    }

    private final HttpServer server;
    private final ExecutorService threads;

    private WatchServer(HttpServer server, ExecutorService threads) {
        this.server = server;
        this.threads = threads;
    }

    private record Answer(int status, String type, String body) {}

    private interface Page {
        Answer of();
    }

    /**
     * Begins to listen.
     *
     * @param host a name or address of this machine
     * @param port 0 for a free one
     * @throws IOException when that cannot be; the message is for people
     */
    public static WatchServer open(String host, int port, Inspection inspection, Metrics metrics) throws IOException {
        HttpServer server;
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getByName(host), port), BACKLOG);
        } catch (IOException refused) {
            throw new IOException(host + ":" + port + ": " + refused.getMessage(), refused);
        }
        ExecutorService threads = Executors.newFixedThreadPool(
                THREADS, Thread.ofPlatform().name("http-", 1).daemon().factory());
        server.setExecutor(threads);
        page(server, "/healthz", () -> health(Health.alive()));
        page(server, "/readyz", () -> health(Health.ready(inspection.look())));
        page(server, "/metrics", () -> new Answer(OK, Metrics.contentType(), metrics.text()));
        server.createContext("/", exchange -> answer(exchange, plain(NOT_FOUND, "/healthz, /readyz, /metrics\n")));
        server.start();
        return new WatchServer(server, threads);
    }

    /** Where it listens. */
    public int port() {
        return server.getAddress().getPort();
    }

    private static Answer health(Health health) {
        return new Answer(health.good() ? OK : UNAVAILABLE, "application/json", health.json());
    }

    private static Answer plain(int status, String text) {
        return new Answer(status, "text/plain; charset=utf-8", text);
    }

    private static void page(HttpServer server, String path, Page page) {
        server.createContext(path, exchange -> {
            String method = exchange.getRequestMethod();
            if (!exchange.getRequestURI().getPath().equals(path)) {
                answer(exchange, plain(NOT_FOUND, "no such page\n"));
            } else if (!method.equals("GET") && !method.equals("HEAD")) {
                answer(exchange, plain(METHOD_NOT_ALLOWED, "GET only\n"));
            } else {
                answer(exchange, page.of());
            }
        });
    }

    private static void answer(HttpExchange exchange, Answer answer) throws IOException {
        try (exchange) {
            exchange.getResponseHeaders().set("Content-Type", answer.type());
            exchange.getResponseHeaders().set("Cache-Control", "no-store");
            byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
            boolean head = exchange.getRequestMethod().equals("HEAD");
            exchange.sendResponseHeaders(answer.status(), head ? -1 : body.length);
            if (!head) {
                exchange.getResponseBody().write(body);
            }
        } catch (IOException gone) {
            LOG.debug("an HTTP answer was not taken: {}", gone.toString());
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
