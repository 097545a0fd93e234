package dev.vibe.runner.bootstrap.e2e;

import dev.vibe.runner.testkit.NodeServer;
import dev.vibe.runner.testkit.model.ModelServer;
import dev.vibe.runner.testkit.model.RealAgents;
import dev.vibe.runner.testkit.talk.Agent;
import dev.vibe.runner.testkit.talk.Conversation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;

/** All that plays in a test: a vibe-server, a model server, and the runner with the real agents. */
final class Stage implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    final NodeServer server;
    final ModelServer model;

    /** Where sessions run. */
    final Path work;

    private final RunnerProcess runner;

    private Stage(NodeServer server, ModelServer model, Path work, RunnerProcess runner) {
        this.server = server;
        this.model = model;
        this.work = work;
        this.runner = runner;
    }

    /**
     * Sets everything up; returns when the runner has registered.
     *
     * @param settings of the runner, besides those that a test cannot do without
     */
    static Stage open(Map<String, String> settings) throws IOException, InterruptedException {
        RealAgents agents = RealAgents.require();
        NodeServer server = NodeServer.start();
        ModelServer model = ModelServer.start();
        Path work = Files.createDirectories(agents.home().resolve("work"));
        Map<String, String> environment = new TreeMap<>(agents.environment(model));
        environment.put("PATH", System.getenv("PATH"));
        environment.put("VIBE_SERVER_URL", server.uri().toString());
        environment.put("VIBE_AUTH_TOKEN", NodeServer.TOKEN);
        environment.put("VIBE_ENDPOINT_ID", "e2b-test");
        environment.put("VIBE_WORKING_DIR", work.toString());
        environment.put("VIBE_CLAUDE_PATH", agents.claude().toString());
        environment.put("VIBE_CODEX_PATH", agents.codex().toString());
        environment.putAll(settings);
        RunnerProcess runner = RunnerProcess.start(agents.home(), environment);
        Stage stage = new Stage(server, model, work, runner);
        try {
            server.awaitEvent("endpoint:register", PATIENCE);
        } catch (AssertionError none) {
            String log = runner.log();
            stage.close();
            throw new AssertionError("the runner did not register:\n" + log, none);
        }
        return stage;
    }

    RunnerProcess runner() {
        return runner;
    }

    Conversation conversation(Agent agent) {
        return new Conversation(server, agent);
    }

    /** Waits for a file that a tool makes. */
    void awaitFile(String name) throws IOException, InterruptedException {
        Path file = work.resolve(name);
        await(file.toString(), () -> Files.exists(file));
    }

    /** Waits until the runner has logged something. */
    void awaitLog(String words) throws IOException, InterruptedException {
        runner.awaitLog(words);
    }

    /** Waits until the agent has stored a conversation in which this was said. */
    void awaitStored(String words) throws IOException, InterruptedException {
        await("conversation with \"" + words + "\"", () -> {
            try (Stream<Path> files = Files.walk(Objects.requireNonNull(work.getParent()))) {
                for (Path file :
                        files.filter(each -> each.toString().endsWith(".jsonl")).toList()) {
                    if (Files.readString(file).contains(words)) {
                        return true;
                    }
                }
            } catch (UncheckedIOException | NoSuchFileException moving) {
                // looked at while it changes: again
            }
            return false;
        });
    }

    private interface Condition {
        boolean holds() throws IOException;
    }

    private static void await(String what, Condition condition) throws IOException, InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.holds()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("no " + what + " within " + PATIENCE);
            }
            Thread.sleep(20);
        }
    }

    @Override
    public void close() {
        runner.close();
        model.close();
        server.close();
    }
}
