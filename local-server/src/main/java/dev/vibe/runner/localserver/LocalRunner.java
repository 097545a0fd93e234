package dev.vibe.runner.localserver;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The runner beside the server: a process of its own, started as in a sandbox. */
final class LocalRunner {
    /** Longer than the runner's own deadline for its shutdown (VIBE_SHUTDOWN_SECONDS). */
    private static final long PATIENCE_SECONDS = 20;

    /**
     * Starts the runner and ends it when stdin ends: however this process dies, no runner is left behind. The runner's own stdin is
     * empty. The token comes as the first line of stdin, so that no process's environment shows it.
     */
    private static final String GUARD = "IFS= read -r token; exec 3<&0;"
            + " VIBE_AUTH_TOKEN=$token \"$0\" </dev/null 3<&- & runner=$!; unset token;"
            + " { read -r _ <&3; kill -TERM $runner 2>/dev/null; } & guard=$!; exec 3<&-;"
            + " trap : INT TERM HUP;"
            + " while :; do wait $runner; code=$?; kill -0 $runner 2>/dev/null || break; done;"
            + " kill $guard 2>/dev/null; exit $code";

    private final Process process;
    private final Path state;
    private final String agents;

    private LocalRunner(Process process, Path state, String agents) {
        this.process = process;
        this.state = state;
        this.agents = agents;
    }

    static LocalRunner start(String serverUrl, LocalOptions options) throws IOException {
        String temporary = System.getenv().getOrDefault("TMPDIR", System.getProperty("java.io.tmpdir"));
        Path state = Files.createTempDirectory(Path.of(temporary), "vibe-local-");
        String launcher = LocalMain.distribution().resolve("bin/vibe-runner").toString();
        List<String> found = installed(launcher);
        ProcessBuilder builder = new ProcessBuilder("/bin/sh", "-c", GUARD, launcher)
                .redirectOutput(ProcessBuilder.Redirect.INHERIT)
                .redirectError(ProcessBuilder.Redirect.INHERIT);
        Map<String, String> environment = builder.environment();
        environment.remove("VIBE_AUTH_TOKEN_FILE");
        environment.put("VIBE_SERVER_URL", serverUrl);
        environment.remove("VIBE_AUTH_TOKEN");
        environment.put("VIBE_STATE_DIR", state.toString());
        environment.putIfAbsent("VIBE_ENDPOINT_ID", "local");
        environment.putIfAbsent("VIBE_WORKING_DIR", System.getProperty("user.dir"));
        environment.putIfAbsent("VIBE_PERMISSION_MODE", "prompt");
        environment.putIfAbsent("VIBE_LOG_LEVEL", "warn");
        environment.putIfAbsent("MAX_CONCURRENT_SESSIONS", "4");
        if (found.isEmpty()) {
            environment.putIfAbsent("VIBE_SCRIPTED_AGENT", "true");
        }
        String agents = found.isEmpty()
                ? "scripted (neither Claude Code nor Codex was found; npm install -g @anthropic-ai/claude-code)"
                : String.join(", ", found);
        Process process = builder.start();
        OutputStream stdin = process.getOutputStream();
        stdin.write((options.token() + "\n").getBytes(StandardCharsets.UTF_8));
        stdin.flush();
        return new LocalRunner(process, state, agents);
    }

    /** Which agents it will offer, for people. */
    String agents() {
        return agents;
    }

    /** Waits for its end, and returns its exit code. */
    int await() throws InterruptedException {
        return process.waitFor();
    }

    /** Ends it and its sessions; waits for that. */
    void end() {
        try {
            process.getOutputStream().close();
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
            }
            delete(state);
        } catch (IOException ignored) {
            // a temporary directory may stay
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /** The real agents' names, where the runner will find them: asked of its own code, which alone knows where it looks. */
    private static List<String> installed(String launcher) throws IOException {
        Process asked = new ProcessBuilder(launcher, "--installed-agents")
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        asked.getOutputStream().close();
        try (BufferedReader answer = asked.inputReader(StandardCharsets.UTF_8)) {
            return answer.lines().toList();
        }
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
