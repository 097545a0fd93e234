package dev.vibe.runner.testkit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * A vibe-server on the real socket.io in a process of its own: {@code testkit/node/server.mjs}, where commands, options
 * and reports are described. Commands are done when {@link #run} returns. Safe for use by several threads.
 */
public final class NodeServer implements AutoCloseable {
    /** The token it expects unless told otherwise. */
    public static final String TOKEN = "secret";

    private static final Duration ANSWER = Duration.ofSeconds(20);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Process process;
    private final Thread reader;
    private final EventLog<JsonNode> reports = new EventLog<>("reports of the Node server");
    private final EventLog<JsonNode> answers = new EventLog<>("answers of the Node server");
    private final int port;

    private NodeServer(Process process, Map<String, ?> options) throws InterruptedException {
        this.process = process;
        reader = new Thread(this::read, "node-server-reader");
        reader.setDaemon(true);
        reader.start();
        write(JSON.valueToTree(options));
        port = reports.take("report that it listens", report -> is(report, "listening"), ANSWER)
                .path("port")
                .intValue();
    }

    /** Starts one with default options on a free port; see {@link NodeTools#require}. */
    public static NodeServer start() throws InterruptedException {
        return start(Map.of());
    }

    /**
     * Starts one; returns when it listens.
     *
     * @param options those of {@code server.mjs}
     */
    public static NodeServer start(Map<String, ?> options) throws InterruptedException {
        NodeTools.require();
        try {
            Process process = new ProcessBuilder(
                            NodeTools.executable().orElseThrow().toString(), "server.mjs")
                    .directory(NodeTools.directory().toFile())
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            return new NodeServer(process, options);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** What a runner is given as server. */
    public URI uri() {
        return URI.create("http://127.0.0.1:" + port);
    }

    /** Where it listens. */
    public int port() {
        return port;
    }

    /** Its process. */
    public long pid() {
        return process.pid();
    }

    /** Does a command without parameters; returns when it is done. */
    public void run(String command) throws InterruptedException {
        run(command, Map.of());
    }

    /** Does a command; returns when it is done. One at a time. */
    public synchronized void run(String command, Map<String, ?> parameters) throws InterruptedException {
        ObjectNode line = JSON.valueToTree(parameters);
        write(line.put("do", command));
        answers.take(
                "end of " + command,
                report -> is(report, "done") && report.path("do").asText().equals(command),
                ANSWER);
    }

    /** Begins a command and does not wait for its end, e.g. {@code hang}. */
    public void begin(String command, Map<String, ?> parameters) {
        ObjectNode line = JSON.valueToTree(parameters);
        write(line.put("do", command));
    }

    /** Says something to all connected runners. */
    public void emit(String event, Object payload) throws InterruptedException {
        run("emit", Map.of("name", event, "payload", payload));
    }

    /** All it reported but the ends of commands: connections, events. */
    public EventLog<JsonNode> reports() {
        return reports;
    }

    /** Waits for the next report of a kind, and passes over others. */
    public JsonNode await(String kind, Duration timeout) throws InterruptedException {
        return reports.take(kind, report -> is(report, kind), timeout);
    }

    /** Waits for the next event of a name, passes over other reports, and returns its payload. */
    public JsonNode awaitEvent(String name, Duration timeout) throws InterruptedException {
        return awaitEvent(name, _ -> true, timeout);
    }

    /** As above, for an event whose payload satisfies a condition. */
    public JsonNode awaitEvent(String name, Predicate<JsonNode> payload, Duration timeout) throws InterruptedException {
        return reports.take(
                        "event " + name,
                        report -> is(report, "event")
                                && report.path("name").asText().equals(name)
                                && payload.test(report.path("payload")),
                        timeout)
                .path("payload");
    }

    /** Waits until it has got so many messages of a session, over all connections. */
    public void awaitCount(String sessionId, long count, Duration timeout) throws InterruptedException {
        run("awaitCount", Map.of("sessionId", sessionId, "count", count));
        reports.awaitAll(
                count + " messages of " + sessionId,
                all -> all.stream()
                        .anyMatch(report -> is(report, "reached")
                                && report.path("sessionId").asText().equals(sessionId)
                                && report.path("count").longValue() >= count),
                timeout);
    }

    /** What it counted for a session: count, first, last, gaps, repeats, bytes, digest and more, see server.mjs. */
    public JsonNode counts(String sessionId) throws InterruptedException {
        return counts().path(sessionId);
    }

    /** What it counted for all sessions, by their ids. */
    public JsonNode counts() throws InterruptedException {
        run("counts");
        return reports.all().reversed().stream()
                .filter(report -> is(report, "counts"))
                .findFirst()
                .orElseThrow()
                .path("sessions");
    }

    /** Ends the process; idempotent. */
    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(5, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
            reader.join();
        } catch (InterruptedException _) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    private static boolean is(JsonNode report, String kind) {
        return report.path("is").asText().equals(kind);
    }

    private void write(JsonNode line) {
        try {
            synchronized (process) {
                process.getOutputStream().write((line + "\n").getBytes(StandardCharsets.UTF_8));
                process.getOutputStream().flush();
            }
        } catch (IOException failure) {
            throw new UncheckedIOException("the Node server is gone", failure);
        }
    }

    private void read() {
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                report(line);
            }
        } catch (IOException _) {
            // its end closes the pipe
        }
    }

    private void report(String line) {
        JsonNode report;
        try {
            report = JSON.readTree(line);
        } catch (JsonProcessingException _) {
            report = JSON.createObjectNode().put("is", "garbage").put("line", line);
        }
        if (is(report, "done")) {
            answers.add(report);
        } else {
            reports.add(report);
        }
    }
}
