package dev.vibe.runner.bootstrap.control;

import dev.vibe.runner.adapter.control.ControlServer;
import dev.vibe.runner.adapter.control.RunnerFacts;
import dev.vibe.runner.adapter.control.ViewJson;
import dev.vibe.runner.application.port.in.Inspection;
import dev.vibe.runner.bootstrap.RunnerSettings;
import dev.vibe.runner.domain.EndpointId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The runner's control socket, opened behind the start: not before the first attempt to reach the server is over. */
public final class ControlSocket implements Runnable, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ControlSocket.class);
    private static final long LATEST_SECONDS = 2;
    private static final int STACK_BYTES = 256 * 1024;
    private static final int KIB = 1024;

    private final RunnerSettings settings;
    private final String version;
    private final Inspection inspection;
    private final RecentProblems problems;
    private @Nullable ControlServer server; // guarded by this
    private boolean closed; // guarded by this

    /** @param version of the runner */
    public ControlSocket(RunnerSettings settings, String version, Inspection inspection, RecentProblems problems) {
        this.settings = settings;
        this.version = version;
        this.inspection = inspection;
        this.problems = problems;
    }

    /** Begins; returns at once. */
    public void start() {
        Thread.ofPlatform().name("control").daemon().stackSize(STACK_BYTES).start(this);
    }

    @Override
    public void run() {
        try {
            awaitFirstAttempt();
            ControlServer opened = open();
            if (opened != null) {
                opened.run();
            }
        } catch (IOException none) {
            LOG.warn("\"vibe-runner status\" will not find this runner: {}", none.getMessage());
        } catch (InterruptedException over) {
            Thread.currentThread().interrupt();
        }
    }

    private void awaitFirstAttempt() throws InterruptedException {
        try {
            var _ = inspection.firstAttempt().toCompletableFuture().get(LATEST_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException late) {
            LOG.trace("no answer from the server yet");
        }
    }

    private synchronized @Nullable ControlServer open() throws IOException {
        if (closed) {
            return null;
        }
        ControlServer opened =
                ControlServer.open(settings.stateDirectory(), new EndpointId(settings.endpointId()), this::view);
        server = opened;
        return opened;
    }

    private byte[] view() {
        return ViewJson.of(
                new RunnerFacts(
                        version,
                        ProcessHandle.current().pid(),
                        settings.serverUrl().toString(),
                        settings.transport().name().toLowerCase(Locale.ROOT),
                        settings.logFile()
                                .map(file -> file.toAbsolutePath().toString())
                                .orElse(""),
                        memory(),
                        problems.list()),
                inspection.look());
    }

    private static long memory() {
        try {
            return Files.readAllLines(Path.of("/proc/self/status"), StandardCharsets.ISO_8859_1).stream()
                    .filter(line -> line.startsWith("VmRSS:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * KIB)
                    .sum();
        } catch (IOException | SecurityException | NumberFormatException unknown) {
            return 0;
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        ControlServer running = server;
        if (running != null) {
            running.close();
        }
    }
}
