package dev.vibe.runner.bootstrap.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code vibe-runner local}, as it is built. */
@Timeout(120)
class LocalTest {
    @TempDir
    private Path home = Path.of("");

    private LocalProcess start(Map<String, String> more, String... arguments) throws IOException {
        Map<String, String> environment = new java.util.HashMap<>(more);
        environment.put("VIBE_SCRIPTED_AGENT", "true");
        environment.put("TMPDIR", home.toString());
        return LocalProcess.start(home, environment, arguments);
    }

    private enum End {
        CTRL_C,
        SIGTERM
    }

    @ParameterizedTest
    @EnumSource
    void aSessionRunsAndAnEndThatIsAskedForIsCleanAndLeavesNothing(End end) throws Exception {
        try (LocalProcess local = start(Map.of(), "--port", "0");
                LocalApi api = new LocalApi(local.awaitRegistered())) {
            String id = api.start(Map.of("agentType", "scripted", "initialMessage", "hello"));
            api.awaitWords(id, "echo: hello");
            api.act(id, "messages", Map.of("message", "cwd\nchild 300"));
            api.awaitWords(id, home.toRealPath().toString());
            List<ProcessHandle> all = local.processes();
            assertTrue(all.size() >= 4, () -> "server, guard, runner, agent: " + all);
            switch (end) {
                case CTRL_C -> local.interrupt();
                case SIGTERM -> local.terminate();
            }
            assertEquals(0, local.awaitExit());
            LocalProcess.awaitGone(all);
            assertEquals("The runner is registered.", local.output().getLast(), "nothing is to be said of it");
        }
        assertEquals(List.of(), temporary());
    }

    @Test
    void aServerThatIsKilledTakesItsRunnerAndWhatThatHasStoredAlong() throws Exception {
        try (LocalProcess local = start(Map.of("VIBE_SHUTDOWN_SECONDS", "1"), "--port", "0");
                LocalApi api = new LocalApi(local.awaitRegistered())) {
            String id = api.start(Map.of("agentType", "scripted", "initialMessage", "child 300"));
            api.awaitWords(id, "result");
            assertEquals(1, temporary().size());
            List<ProcessHandle> all = local.processes();
            local.kill();
            LocalProcess.awaitGone(all);
        }
        assertEquals(List.of(), temporary());
    }

    private List<String> temporary() throws IOException {
        try (Stream<Path> all = Files.list(home)) {
            return all.map(Path::getFileName)
                    .map(String::valueOf)
                    .filter(name -> name.startsWith("vibe-local"))
                    .toList();
        }
    }

    @Test
    void theRunnersStateLiesWhereTheUserWantsItAndCanBeAskedThere() throws Exception {
        Path state = home.resolve("of my own");
        try (LocalProcess local = start(Map.of("VIBE_STATE_DIR", state.toString()), "--port", "0")) {
            local.awaitRegistered();
            String told = local.awaitLine("state ");
            assertTrue(told.startsWith("state     " + state + " "), told);
            Map<String, String> asker = Map.of("PATH", System.getenv("PATH"), "VIBE_STATE_DIR", state.toString());
            Tool status = Tool.run(home, asker, "status");
            assertEquals(0, status.code(), status.said());
            assertTrue(Files.isDirectory(state));
            local.terminate();
            assertEquals(0, local.awaitExit());
        }
        assertTrue(Files.isDirectory(state), "it is the user's");
    }

    @Test
    void wrongSettingsOfTheRunnerEndItWithTheRunnersCode() throws Exception {
        try (LocalProcess local = start(Map.of("VIBE_STALL_ACTION", "panic"), "--port", "0")) {
            assertEquals(78, local.awaitExit());
            assertEquals(
                    "vibe-runner local: the runner ended with exit code 78", local.awaitLine("vibe-runner local:"));
        }
    }

    @Test
    void behindTheLastPortNoneIsTried() throws Exception {
        try (ServerSocket _ = new ServerSocket(65_535, 1, InetAddress.getLoopbackAddress());
                LocalProcess local = start(Map.of(), "--no-runner", "--port", "65535")) {
            assertEquals(1, local.awaitExit());
            assertEquals(
                    List.of("vibe-runner local: port 65535 is not free on 127.0.0.1; --port N names another"),
                    local.output());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"socketio", "websocket"})
    void aRunnerOfItsOwnConnectsOverEitherTransport(String transport) throws Exception {
        try (LocalProcess local = start(Map.of("VIBE_AUTH_TOKEN", "of-my-own"), "--port", "0", "--no-runner")) {
            URI console = URI.create(
                    local.awaitLine("console ").substring("console ".length()).strip());
            String told = local.awaitLine("runner ");
            assertTrue(told.contains("VIBE_SERVER_URL=http://127.0.0.1:" + console.getPort()), told);
            Map<String, String> environment = Map.of(
                    "PATH",
                    System.getenv("PATH"),
                    "HOME",
                    home.toString(),
                    "VIBE_SERVER_URL",
                    "http://127.0.0.1:" + console.getPort(),
                    "VIBE_AUTH_TOKEN",
                    "of-my-own",
                    "VIBE_TRANSPORT",
                    transport,
                    "VIBE_SCRIPTED_AGENT",
                    "true",
                    "VIBE_STATE_DIR",
                    home.resolve("state").toString(),
                    "VIBE_WORKING_DIR",
                    home.toString());
            try (LocalApi api = new LocalApi(console);
                    RunnerProcess runner = RunnerProcess.start(home, environment)) {
                String id = api.start(Map.of("agentType", "scripted", "initialMessage", "hello"));
                api.awaitWords(id, "echo: hello");
                api.act(id, "stop", Map.of());
                api.awaitState(id, "ended");
                runner.terminate();
                assertEquals(0, runner.awaitExit(Duration.ofSeconds(30)));
            }
        }
    }

    /** By the place that npm's own settings name, which a list of places forgets first. */
    @Test
    void theAgentsItNamesAreThoseThatTheRunnerFinds() throws Exception {
        Path prefix = Files.createDirectories(home.resolve("of-npm/bin"));
        Path codex = Files.writeString(prefix.resolve("codex"), "#!/bin/sh\necho codex-cli 1.2.3\n");
        assertTrue(codex.toFile().setExecutable(true));
        Files.writeString(home.resolve(".npmrc"), "prefix=${HOME}/of-npm\n");
        Map<String, String> environment =
                Map.of("PATH", "/usr/bin:/bin", "VIBE_CLAUDE_PATH", "/nowhere/claude", "TMPDIR", home.toString());
        try (LocalProcess local = LocalProcess.start(home, environment, "--port", "0");
                LocalApi api = new LocalApi(local.awaitRegistered())) {
            assertEquals("agents    codex", local.awaitLine("agents "));
            api.awaitAgents(List.of("codex"));
        }
    }

    /** It would answer nobody any more, and its agents would run on unseen. */
    @Test
    void aServerWithoutMemoryEnds() throws Exception {
        try (LocalProcess local = start(Map.of(), "--port=0", "--no-runner")) {
            local.awaitLine("console ");
            assertTrue(
                    local.processes().stream()
                            .anyMatch(process ->
                                    process.info().commandLine().orElse("").contains(" -XX:+ExitOnOutOfMemoryError ")),
                    () -> local.processes().toString());
        }
    }

    @Test
    void aTakenPortIsPassedOverAndSaidSo() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                LocalProcess local = start(Map.of(), "--no-runner", "--port", "" + taken.getLocalPort())) {
            String server = local.awaitLine("server ");
            assertTrue(server.endsWith("(port " + taken.getLocalPort() + " was taken)"), server);
        }
    }

    @Test
    void aWrongArgumentIsNamedAndNothingStarts() throws Exception {
        try (LocalProcess local = start(Map.of(), "--prot", "1")) {
            assertEquals(64, local.awaitExit());
            assertEquals("vibe-runner local: unknown argument: --prot", local.awaitLine("vibe-runner local:"));
            assertFalse(String.join("\n", local.output()).contains("Exception"));
        }
    }
}
