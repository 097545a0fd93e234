package dev.vibe.runner.bootstrap.faults;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The built distribution, offering the scripted agent; it can be killed and started again with the same state. */
final class Subject implements AutoCloseable {
    private static final Path LAUNCHER =
            Path.of("target/vibe-runner/bin/vibe-runner").toAbsolutePath();
    private static final String MAIN = "dev.vibe.runner.bootstrap.Main";

    private final Path log;
    private final Path home;
    private final String endpointId;
    private final Map<String, String> environment = new TreeMap<>();
    private volatile @Nullable Process launcher;

    /**
     * Not started yet.
     *
     * @param home its home, working and state directory; its output goes to {@code runner.log} there
     * @param settings besides those that no test can do without
     */
    Subject(Path home, URI server, Map<String, String> settings) {
        this.home = home;
        log = home.resolve("runner.log");
        endpointId = "faults-" + ProcessHandle.current().pid() + "-" + System.nanoTime();
        environment.putAll(Map.of(
                "PATH", System.getenv("PATH"),
                "HOME", home.toString(),
                "VIBE_SERVER_URL", server.toString(),
                "VIBE_AUTH_TOKEN", "secret",
                "VIBE_ENDPOINT_ID", endpointId,
                "VIBE_SCRIPTED_AGENT", "true",
                "VIBE_STATE_DIR", home.resolve("state").toString(),
                "VIBE_WORKING_DIR", home.toString(),
                "MAX_CONCURRENT_SESSIONS", "100"));
        environment.putAll(Map.of(
                "VIBE_RECONNECT_MIN_MS", "50",
                "VIBE_RECONNECT_MAX_MS", "500",
                "VIBE_REGISTER_RETRY_MIN_MS", "100",
                "VIBE_PROBE_TIMEOUT_SECONDS", "2",
                "VIBE_CONNECT_TIMEOUT_SECONDS", "2"));
        environment.putAll(settings);
    }

    Path home() {
        return home;
    }

    void start() throws IOException {
        ProcessBuilder builder = new ProcessBuilder(LAUNCHER.toString())
                .directory(home.toFile())
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().clear();
        builder.environment().putAll(environment);
        launcher = builder.start();
    }

    boolean running() {
        Process process = launcher;
        return process != null && process.isAlive();
    }

    /** SIGTERM; returns with the exit code when it has ended. */
    int stop() throws InterruptedException {
        Process process = Objects.requireNonNull(launcher);
        process.destroy();
        return process.waitFor();
    }

    /** SIGKILL, to the JVM and to what would restart it; returns when they are gone. Their agents live on. */
    void kill() throws InterruptedException {
        Process process = Objects.requireNonNull(launcher);
        List<ProcessHandle> jvms = new ArrayList<>(jvms());
        process.destroyForcibly().waitFor();
        Procs.withEnvironment("VIBE_ENDPOINT_ID=" + endpointId).stream() // it may have begun one just now
                .filter(pid -> Procs.commandLine(pid).contains(MAIN))
                .forEach(pid -> ProcessHandle.of(pid).ifPresent(jvms::add));
        for (ProcessHandle jvm : jvms) {
            jvm.destroyForcibly();
        }
        await("the end of the JVM", Duration.ofSeconds(10), () -> jvms.stream().noneMatch(ProcessHandle::isAlive));
    }

    private List<ProcessHandle> jvms() {
        ProcessHandle process = Objects.requireNonNull(launcher).toHandle();
        return Stream.concat(Stream.of(process), process.descendants())
                .filter(each -> Procs.commandLine(each.pid()).contains(MAIN))
                .toList();
    }

    /** Resident memory of the JVM. */
    long rssKb() {
        // Not the sum: a child that is being spawned looks like its parent for a moment.
        return jvms().stream().mapToLong(jvm -> Procs.rssKb(jvm.pid())).max().orElse(0);
    }

    /** The processes of agents of this runner, dead or alive, that still run. */
    List<Long> agents() {
        return Procs.withEnvironment("VIBE_ENDPOINT_ID=" + endpointId).stream()
                .filter(pid -> !Procs.commandLine(pid).contains(MAIN))
                .filter(pid -> !Procs.commandLine(pid).contains(LAUNCHER.toString()))
                .toList();
    }

    /** What they are, for a failure. */
    List<String> describeAgents() {
        return agents().stream().map(Procs::describe).toList();
    }

    /** The processes of one session. */
    List<Long> agents(String sessionId) {
        return Procs.withEnvironment("VIBE_SESSION_ID=" + sessionId);
    }

    String log() {
        try {
            return Files.readString(log);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /** Copies the log, of all starts, to where it outlives the test. */
    Path keepLog(String name) {
        try {
            Path kept = Files.createDirectories(Path.of("target", "kept-logs")).resolve(name + ".log");
            return Files.copy(log, kept, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /** Waits for a condition that nothing reports. Returns how long it took, in ms. */
    static long await(String what, Duration timeout, BooleanSupplier condition) throws InterruptedException {
        long begin = System.nanoTime();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - begin > timeout.toNanos()) {
                throw new AssertionError("no " + what + " within " + timeout);
            }
            Thread.sleep(20);
        }
        return (System.nanoTime() - begin) / 1_000_000;
    }

    @Override
    public void close() {
        Process process = launcher;
        if (process == null) {
            return;
        }
        try {
            process.destroy();
            if (!process.waitFor(15, TimeUnit.SECONDS)) {
                kill();
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            process.destroyForcibly();
            agents().forEach(pid -> ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly));
        }
    }
}
