package dev.vibe.runner.e2b;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.async.ResultCallback;
import com.github.dockerjava.api.model.Frame;
import dev.vibe.runner.testkit.NodeServer;
import dev.vibe.runner.testkit.model.ModelServer;
import dev.vibe.runner.testkit.model.RealAgents;
import dev.vibe.runner.testkit.talk.Agent;
import dev.vibe.runner.testkit.talk.Conversation;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.images.builder.Transferable;

/** A container of the template's image, with a vibe-server and a model server outside. */
final class Sandbox implements AutoCloseable {
    static final String APP = "/home/user/app";
    static final Duration SOON = Duration.ofSeconds(40);

    private static final String HOME = "/home/user";
    private static final String OUTPUT = "/tmp/command.log";
    private static final String LOG = HOME + "/.local/state/vibe-runner/runner.log";

    final NodeServer server;

    private final ModelServer model;
    private final GenericContainer<?> container;

    private Sandbox(NodeServer server, ModelServer model, GenericContainer<?> container) {
        this.server = server;
        this.model = model;
        this.container = container;
    }

    static Sandbox open() throws IOException, InterruptedException {
        return open(0, Map.of());
    }

    /**
     * Opens one in which nothing runs yet.
     *
     * @param memoryMb its limit; 0 for none
     * @param serverOptions of {@code server.mjs}
     */
    static Sandbox open(int memoryMb, Map<String, ?> serverOptions) throws IOException, InterruptedException {
        String image = TemplateImage.name();
        NodeServer server = NodeServer.start(serverOptions);
        ModelServer model = ModelServer.start();
        GenericContainer<?> container = Containers.start(image, memoryMb);
        Sandbox sandbox = new Sandbox(server, model, container);
        sandbox.user("mkdir -p ~/.codex");
        sandbox.write(HOME + "/.codex/config.toml", RealAgents.codexConfiguration(model), 0644);
        return sandbox;
    }

    /** What a host does: {@code npm start} in /home/user/app, in the background. Returns when the runner has registered. */
    void npmStart(Map<String, String> settings) throws IOException, InterruptedException {
        startInBackground(APP, "npm start", settings);
        awaitRegistration();
    }

    /** Waits until the runner registers; returns how long that took, in ms. */
    long awaitRegistration() throws IOException, InterruptedException {
        long began = System.nanoTime();
        try {
            var unused = server.awaitEvent("endpoint:register", SOON);
        } catch (AssertionError none) {
            throw new AssertionError("the runner did not register:\n" + output(), none);
        }
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
    }

    /** Runs a command as E2B's envd does, with the environment that the sandbox and a host give it. */
    void startInBackground(String directory, String command, Map<String, String> settings) throws InterruptedException {
        Map<String, String> variables = new TreeMap<>(RealAgents.environment(model, Path.of(HOME)));
        variables.putAll(Map.of(
                "PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
                "USER", "user",
                "E2B_SANDBOX", "true",
                "E2B_SANDBOX_ID", "i0",
                "NODE_ENV", "production",
                "VIBE_SERVER_URL", server.uri().toString(),
                "VIBE_AUTH_TOKEN", NodeServer.TOKEN,
                "VIBE_ENDPOINT_ID", "e2b-i0",
                "MAX_CONCURRENT_SESSIONS", "2"));
        variables.putAll(settings);
        DockerClient docker = container.getDockerClient();
        String id = docker.execCreateCmd(container.getContainerId())
                .withUser("user")
                .withWorkingDir(directory)
                .withEnv(variables.entrySet().stream()
                        .map(variable -> variable.getKey() + "=" + variable.getValue())
                        .toList())
                .withCmd("node", "/opt/envd.mjs", OUTPUT, command)
                .exec()
                .getId();
        var unused = docker.execStartCmd(id)
                .withDetach(true)
                .exec(new ResultCallback.Adapter<Frame>())
                .awaitCompletion(20, TimeUnit.SECONDS);
    }

    /** The deadline of the command that was started is over. */
    void endOfDeadline() throws IOException, InterruptedException {
        root("pkill -USR2 -f '^node /opt/envd.mjs'");
    }

    Conversation conversation(Agent agent) {
        return new Conversation(server, agent);
    }

    /** Runs a shell command as the user; returns what it printed. */
    String user(String command) throws IOException, InterruptedException {
        return Containers.run(container, "user", HOME, command);
    }

    /** Runs a shell command as root; returns what it printed. */
    String root(String command) throws IOException, InterruptedException {
        return Containers.run(container, "root", "/", command);
    }

    void write(String file, String text, int mode) {
        container.copyFileToContainer(Transferable.of(text, mode), file);
    }

    /** Freezes every process. */
    void pause() {
        container
                .getDockerClient()
                .pauseContainerCmd(container.getContainerId())
                .exec();
    }

    void unpause() {
        container
                .getDockerClient()
                .unpauseContainerCmd(container.getContainerId())
                .exec();
    }

    /** The pid of the only process whose command line matches. */
    String pid(String commandLine) throws IOException, InterruptedException {
        List<String> pids = root("pgrep -f '" + commandLine + "'").lines().toList();
        if (pids.size() != 1) {
            throw new AssertionError("not one '" + commandLine + "' but " + pids + " of\n" + root("ps -ef"));
        }
        return pids.getFirst();
    }

    String npm() throws IOException, InterruptedException {
        return pid("^npm start");
    }

    String java() throws IOException, InterruptedException {
        return pid("^" + APP + "/jre/bin/java");
    }

    /** Resident memory in kB. */
    long rss(String pid) throws IOException, InterruptedException {
        return Long.parseLong(
                root("awk '/^VmRSS/ {print $2}' /proc/" + pid + "/status").strip());
    }

    /** Command lines of all processes of the user. */
    String processes() throws IOException, InterruptedException {
        return root("ps -u user -o args= || true");
    }

    /** What the command printed that was started. */
    String output() throws IOException, InterruptedException {
        return root("cat " + OUTPUT + " 2>&1 || true");
    }

    /** The runner's own log file. */
    String log() throws IOException, InterruptedException {
        return root("cat " + LOG);
    }

    /** Waits until the command that was started has ended so. */
    void awaitExit(String how) throws IOException, InterruptedException {
        awaitOutput("[exit " + how + "]");
    }

    void awaitOutput(String words) throws IOException, InterruptedException {
        long end = System.nanoTime() + SOON.toNanos();
        while (!output().contains(words)) {
            if (System.nanoTime() > end) {
                throw new AssertionError("no " + words + " in\n" + output() + "\n" + root("ps -ef"));
            }
            Thread.sleep(100);
        }
    }

    @Override
    public void close() {
        container.close();
        model.close();
        server.close();
    }
}
