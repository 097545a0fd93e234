package dev.vibe.runner.localserver;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The runner beside the server: a process of its own, started as in a sandbox. */
final class LocalRunner {
    /** Longer than the runner's own deadline for its shutdown (VIBE_SHUTDOWN_SECONDS). */
    private static final long PATIENCE_SECONDS = 20;

    /**
     * Starts the runner and ends it when stdin ends: however this process dies, no runner is left behind, nor its temporary state ($1).
     * The runner's own stdin is empty. The token comes as the first line of stdin, so that no process's environment shows it.
     */
    private static final String GUARD = "IFS= read -r token; exec 3<&0;"
            + " VIBE_AUTH_TOKEN=$token \"$0\" </dev/null 3<&- & runner=$!; unset token;"
            + " { read -r _ <&3; kill -TERM $runner 2>/dev/null; } & guard=$!; exec 3<&-;"
            + " trap : INT TERM HUP;"
            + " while :; do wait $runner; code=$?; kill -0 $runner 2>/dev/null || break; done;"
            + " kill $guard 2>/dev/null; [ -z \"$1\" ] || rm -rf -- \"$1\"; exit $code";

    /**
     * In a session of its own: Ctrl-C would reach the runner too, which takes the guard's word for the second signal then, and ends
     * at once.
     */
    private static final String APART = "exec $(command -v setsid) /bin/sh -c \"$0\" \"$@\"";

    private final Process process;
    private final StateDirectory state;
    private final String agents;

    private LocalRunner(Process process, StateDirectory state, String agents) {
        this.process = process;
        this.state = state;
        this.agents = agents;
    }

    static LocalRunner start(String serverUrl, LocalOptions options) throws IOException {
        StateDirectory state = StateDirectory.of(System.getenv());
        String launcher = LocalMain.distribution().resolve("bin/vibe-runner").toString();
        List<String> found = installed(launcher);
        String toRemove = state.temporary() ? state.path().toString() : "";
        ProcessBuilder builder = new ProcessBuilder("/bin/sh", "-c", APART, GUARD, launcher, toRemove)
                .redirectOutput(ProcessBuilder.Redirect.INHERIT)
                .redirectError(ProcessBuilder.Redirect.INHERIT);
        Map<String, String> environment = builder.environment();
        environment.remove("VIBE_AUTH_TOKEN_FILE");
        environment.put("VIBE_SERVER_URL", serverUrl);
        environment.remove("VIBE_AUTH_TOKEN");
        environment.put("VIBE_STATE_DIR", state.path().toString());
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
        state.ownedBy(process.toHandle());
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

    /** Where it keeps its own files. */
    StateDirectory state() {
        return state;
    }

    /** Ends it and its sessions; waits for that, and returns its exit code. */
    int end() {
        try {
            process.getOutputStream().close();
        } catch (IOException ignored) {
            // it has ended already
        }
        try {
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
            }
            return process.waitFor();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return 1;
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
}
