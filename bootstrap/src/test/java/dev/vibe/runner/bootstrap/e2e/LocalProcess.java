package dev.vibe.runner.bootstrap.e2e;

import dev.vibe.runner.testkit.EventLog;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The built distribution, running as {@code vibe-runner local}. */
final class LocalProcess implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(40);

    private final Process process;
    private final EventLog<String> lines = new EventLog<>("what vibe-runner local printed");

    private LocalProcess(Process process) {
        this.process = process;
        Thread.ofPlatform().daemon().name("local-output").start(() -> {
            try (BufferedReader output = process.inputReader()) {
                output.lines().forEach(lines::add);
            } catch (IOException | java.io.UncheckedIOException ended) {
                lines.add("(" + ended + ")");
            }
        });
    }

    /**
     * Starts it with this environment and no other, on any free port.
     *
     * @param directory to run in
     */
    static LocalProcess start(Path directory, Map<String, String> environment, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of("setsid")); // a process group of its own, as a terminal gives it
        command.add(RunnerProcess.DISTRIBUTION.resolve("bin/vibe-runner").toString());
        command.add("local");
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectErrorStream(true);
        builder.environment().clear();
        builder.environment().put("PATH", System.getenv("PATH"));
        builder.environment().put("HOME", directory.toString());
        builder.environment().putAll(environment);
        return new LocalProcess(builder.start());
    }

    /** Waits for a line that begins so, and returns it. */
    String awaitLine(String beginning) throws InterruptedException {
        return lines
                .awaitAll(beginning, all -> all.stream().anyMatch(line -> line.startsWith(beginning)), PATIENCE)
                .stream()
                .filter(line -> line.startsWith(beginning))
                .findFirst()
                .orElseThrow();
    }

    /** Waits until the runner is registered; returns the console's address. */
    URI awaitRegistered() throws InterruptedException {
        awaitLine("The runner is registered.");
        return URI.create(awaitLine("console ").substring("console ".length()).strip());
    }

    /** All it printed so far. */
    List<String> output() {
        return lines.all();
    }

    /** It, and every process it has started so far. */
    List<ProcessHandle> processes() {
        List<ProcessHandle> all = new ArrayList<>(process.descendants().toList());
        all.add(process.toHandle());
        return all;
    }

    /** SIGTERM. */
    void terminate() {
        process.destroy();
    }

    /** SIGINT to its process group, which is what a terminal makes of Ctrl-C. */
    void interrupt() throws IOException, InterruptedException {
        Process kill = new ProcessBuilder("kill", "-INT", "--", "-" + process.pid()).start();
        if (kill.waitFor() != 0) {
            throw new AssertionError("it has no process group of its own");
        }
    }

    /** SIGKILL, to itself alone. */
    void kill() {
        process.destroyForcibly();
    }

    /** Waits for its end, and returns its exit code. */
    int awaitExit() throws InterruptedException {
        if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            throw new AssertionError("it still runs after " + PATIENCE + ": " + output());
        }
        return process.exitValue();
    }

    /** Waits until none of these runs. */
    static void awaitGone(List<ProcessHandle> processes) throws Exception {
        for (ProcessHandle each : processes) {
            if (each.pid() != ProcessHandle.current().pid()) {
                var _ = each.onExit().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            }
        }
    }

    @Override
    public void close() {
        List<ProcessHandle> all = processes();
        process.destroy(); // it ends its runner, which ends its agents
        try {
            var _ = process.onExit().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException | ExecutionException | TimeoutException _) {
            all.forEach(ProcessHandle::destroyForcibly);
        }
    }
}
