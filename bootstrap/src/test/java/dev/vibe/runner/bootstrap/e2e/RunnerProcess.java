package dev.vibe.runner.bootstrap.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** The built distribution, running. */
final class RunnerProcess implements AutoCloseable {
    static final Path DISTRIBUTION = Path.of("target/vibe-runner").toAbsolutePath();
    private static final Path LAUNCHER = DISTRIBUTION.resolve("bin/vibe-runner");

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Process process;
    private final Path log;

    private RunnerProcess(Process process, Path log) {
        this.process = process;
        this.log = log;
    }

    /**
     * Starts it with this environment and no other.
     *
     * @param directory to run in; its output goes to {@code runner.log} there
     */
    static RunnerProcess start(Path directory, Map<String, String> environment, String... arguments)
            throws IOException {
        List<String> command = new ArrayList<>();
        command.add(LAUNCHER.toString());
        command.addAll(List.of(arguments));
        return start(directory, environment, command);
    }

    /** The same with another command line, e.g. one that becomes another user first. */
    static RunnerProcess start(Path directory, Map<String, String> environment, List<String> command)
            throws IOException {
        Path log = directory.resolve("runner.log");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment().clear();
        builder.environment().putAll(environment);
        return new RunnerProcess(builder.start(), log);
    }

    long pid() {
        return process.pid();
    }

    /** The Java process under the launcher that supervises it. */
    long java() {
        return process.children()
                .filter(child -> child.info().command().orElse("").endsWith("java"))
                .findFirst()
                .orElseThrow()
                .pid();
    }

    /** Kills the Java process, one that is not {@code known}; returns its pid. Waits for there to be one. */
    long killJava(long known) throws InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() < end) {
            Optional<ProcessHandle> java = process.children()
                    .filter(child -> child.pid() != known)
                    .filter(child -> child.info().command().orElse("").endsWith("java"))
                    .findFirst();
            if (java.isPresent() && java.get().destroyForcibly()) {
                return java.get().pid();
            }
            Thread.sleep(5);
        }
        throw new AssertionError("no Java process within " + PATIENCE);
    }

    /** SIGTERM. */
    void terminate() {
        process.destroy();
    }

    /** Waits for its end and returns its exit code; 128+N for a death by signal N. */
    int awaitExit(Duration timeout) throws InterruptedException, IOException {
        if (!process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new AssertionError("the runner still runs after " + timeout + ":\n" + log());
        }
        return process.exitValue();
    }

    /** Waits until it has printed something, for 30 s at most. */
    void awaitLog(String words) throws InterruptedException, IOException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!log().contains(words)) {
            if (System.nanoTime() > end) {
                throw new AssertionError("no \"" + words + "\" within " + PATIENCE + " in\n" + log());
            }
            Thread.sleep(20);
        }
    }

    /** Waits until there is such a file, for 30 s at most. */
    void awaitFile(Path file) throws InterruptedException, IOException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!Files.exists(file)) {
            if (System.nanoTime() > end) {
                throw new AssertionError("no " + file + " within " + PATIENCE + ":\n" + log());
            }
            Thread.sleep(20);
        }
    }

    /** All it printed so far. */
    String log() throws IOException {
        return Files.readString(log);
    }

    /** Ends it and what it started by force. */
    @Override
    public void close() {
        List<ProcessHandle> started = process.descendants().toList();
        process.destroyForcibly();
        started.forEach(ProcessHandle::destroyForcibly);
    }
}
