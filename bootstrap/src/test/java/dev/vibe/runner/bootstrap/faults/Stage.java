package dev.vibe.runner.bootstrap.faults;

import com.fasterxml.jackson.databind.JsonNode;
import dev.vibe.runner.testkit.LinkProxy;
import dev.vibe.runner.testkit.NodeServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** A real socket.io server, a network that can be broken, and a runner behind it. */
final class Stage implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(60);

    final NodeServer server;
    final LinkProxy proxy;
    final Subject runner;
    private final AtomicInteger sessions = new AtomicInteger();

    /** The runner is not started yet. */
    Stage(Path home, Map<String, String> settings) throws InterruptedException {
        server = NodeServer.start(Map.of("quiet", true));
        proxy = new LinkProxy(server.port());
        runner = new Subject(home, proxy.uri(), settings);
    }

    /** Has the server ask for sessions that run a script; it asks again until they have started. */
    void start(int count, String script) throws InterruptedException {
        for (int i = 0; i < count; i++) {
            start("s" + sessions.incrementAndGet(), script);
        }
    }

    void start(String id, String script) throws InterruptedException {
        server.run(
                "start", Map.of("payload", Map.of("sessionId", id, "agentType", "scripted", "initialMessage", script)));
    }

    /** Waits until the agents of so many sessions have said something: they hold their scripts then, and the runner does not any more. */
    void awaitSpeaking(int count) throws InterruptedException {
        await(count, "lines", PATIENCE);
    }

    /** Waits until so many sessions have begun. */
    void awaitStarted(int count) throws InterruptedException {
        await(count, "started", PATIENCE);
    }

    /** Waits until the server knows the end of so many sessions. */
    void awaitEnded(int count) throws InterruptedException {
        await(count, "terminals", PATIENCE);
    }

    private void await(int count, String what, Duration patience) throws InterruptedException {
        long end = System.nanoTime() + patience.toNanos();
        while (true) {
            JsonNode counts = server.counts();
            int done = 0;
            for (JsonNode each : counts) {
                boolean is = each.path(what).isArray()
                        ? !each.path(what).isEmpty()
                        : each.path(what).asInt() > 0;
                done += is ? 1 : 0;
            }
            if (done >= count) {
                return;
            }
            if (System.nanoTime() > end) {
                throw new AssertionError(done + " of " + count + " have " + what + ": " + counts + "\n" + runner.log());
            }
            Thread.sleep(100);
        }
    }

    @Override
    public void close() {
        proxy.apply(new dev.vibe.runner.testkit.LinkFault.Healthy());
        runner.close();
        proxy.close();
        server.close();
    }
}
