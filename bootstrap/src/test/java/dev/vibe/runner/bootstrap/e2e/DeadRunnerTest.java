package dev.vibe.runner.bootstrap.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.vibe.runner.adapter.process.ProcessName;
import dev.vibe.runner.testkit.NodeServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A runner is killed, or its launcher, and no other follows it, or one that was not expected. */
@Timeout(120)
class DeadRunnerTest {
    private static final Duration SOON = Duration.ofSeconds(30);

    /** Neither the end of its input nor SIGTERM ends it, nor what it has started; but a failed test shall not leave it for ever. */
    private static final String STUBBORN = ShellAgent.program("""
            trap '' TERM
            setsid sleep 60 &
            while read -r line; do result done; done
            for i in $(seq 60); do sleep 1; done
            """);

    private final Path home;

    DeadRunnerTest(@TempDir Path home) {
        this.home = home;
    }

    @Test
    void itsAgentsEndWithALauncherThatWaitsToStartAnother() throws Exception {
        try (NodeServer server = NodeServer.start();
                NodeServer another = NodeServer.start();
                RunnerProcess runner = start("one", server, Map.of());
                RunnerProcess neighbour = start("two", another, Map.of())) {
            session(server, "left");
            session(another, "living");
            kill(runner.java());
            runner.awaitLog("starting it again in 1 s");
            runner.terminate();

            assertEquals(0, runner.awaitExit(SOON), runner.log());
            assertEquals(List.of(), Marked.of("left"));
            assertTrue(runner.log().contains("ended what the runner that died had left: process "), runner.log());
            assertFalse(Marked.of("living").isEmpty(), "another runner's");
            neighbour.terminate();
            assertEquals(0, neighbour.awaitExit(SOON), neighbour.log());
        }
    }

    /** Claude Code, deaf to the end of its input, worked on for as long as the launcher waited, and nobody ever saw what it did. */
    @Test
    void itsAgentsDoNotWorkOnUnseenWhileTheLauncherWaits() throws Exception {
        try (NodeServer server = NodeServer.start();
                RunnerProcess runner = start("one", server, Map.of())) {
            session(server, "unseen");
            kill(runner.java());
            server.awaitEvent("endpoint:register", SOON);
            String log = runner.log();
            int ended = log.indexOf("ended what the runner that died had left: process ");
            assertTrue(ended >= 0 && ended < log.lastIndexOf("is endpoint "), log);
        }
    }

    @Test
    void itsAgentsEndWithALauncherWhoseRunnerDiesWhileItEndsThem() throws Exception {
        Map<String, String> patient = Map.of("VIBE_STOP_GRACE_SECONDS", "60", "VIBE_SHUTDOWN_SECONDS", "60");
        try (NodeServer server = NodeServer.start();
                RunnerProcess runner = start("one", server, patient)) {
            session(server, "dying");
            long java = runner.java();
            runner.terminate();
            runner.awaitLog("shutting down within");
            kill(java);

            assertEquals(137, runner.awaitExit(SOON), runner.log());
            assertEquals(List.of(), Marked.of("dying"));
        }
    }

    @Test
    void itsAgentsEndWhereAnotherCannotRun() throws Exception {
        Path token = Files.writeString(home.resolve("token"), NodeServer.TOKEN);
        Map<String, String> fromFile = Map.of("VIBE_AUTH_TOKEN_FILE", token.toString(), "VIBE_AUTH_TOKEN", "");
        try (NodeServer server = NodeServer.start();
                RunnerProcess runner = start("one", server, fromFile)) {
            session(server, "untold");
            Files.delete(token);
            kill(runner.java());

            assertEquals(78, runner.awaitExit(SOON), runner.log());
            assertEquals(List.of(), Marked.of("untold"));
        }
    }

    @Test
    void aStartTakesOverFromARunnerWhoseLauncherWasKilled() throws Exception {
        Map<String, String> settings = Map.of("VIBE_ENDPOINT_ID", "e2b-orphan");
        try (NodeServer server = NodeServer.start();
                RunnerProcess first = start("one", server, settings)) {
            session(server, "taken over");
            long orphan = first.java();
            ProcessHandle agent = Marked.agent("taken over");
            kill(first.pid());
            first.awaitExit(SOON);
            assertTrue(ProcessName.of(orphan).isPresent(), "a runner does not need its launcher");
            try (RunnerProcess second = again("one", server, settings)) {
                server.awaitEvent("endpoint:register", SOON);
                second.awaitLog("has lost its launcher");
                assertFalse(ProcessName.of(orphan).isPresent());
                server.awaitEvent(
                        "message:from-claude",
                        payload -> payload.path("message").path("code").asText().equals("runner-restarted"),
                        SOON);
                assertFalse(ProcessName.of(agent.pid()).isPresent());
                server.emit("message:send", Map.of("sessionId", "taken over", "message", "go on"));
                assertEquals(
                        2,
                        server.awaitEvent("message:from-claude", SOON)
                                .path("seq")
                                .intValue());
                second.terminate();
                assertEquals(0, second.awaitExit(SOON), second.log());
            }
        }
    }

    @Test
    void aSecondStartLeavesALivingRunnerAlone() throws Exception {
        Map<String, String> settings = Map.of("VIBE_ENDPOINT_ID", "e2b-once", "VIBE_SHUTDOWN_SECONDS", "1");
        try (NodeServer server = NodeServer.start();
                RunnerProcess first = start("one", server, settings)) {
            session(server, "kept");
            try (RunnerProcess second = again("one", server, settings)) {
                assertEquals(75, second.awaitExit(SOON), second.log());
                assertTrue(
                        second.log()
                                .contains(
                                        "another runner of endpoint e2b-once (process " + first.java() + ") runs with"),
                        second.log());
            }
            assertEquals(
                    1,
                    server.reports().all().stream()
                            .filter(report -> report.path("name").asText().equals("endpoint:register"))
                            .count());
            assertFalse(Marked.of("kept").isEmpty());
            first.terminate();
            assertEquals(0, first.awaitExit(SOON), first.log());
        }
    }

    @Test
    void aSecondStartWaitsForAShutdownAndIsEndedWhileItWaits() throws Exception {
        Map<String, String> settings = Map.of("VIBE_ENDPOINT_ID", "e2b-next");
        try (NodeServer server = NodeServer.start();
                RunnerProcess first = start("one", server, settings)) {
            session(server, "slow to go");
            try (RunnerProcess second = again("one", server, settings);
                    RunnerProcess third = again("one", server, settings)) {
                second.awaitLog("waiting for its end");
                third.awaitLog("waiting for its end");
                third.terminate();
                assertEquals(0, third.awaitExit(SOON), third.log());
                first.terminate();
                server.awaitEvent("endpoint:register", SOON);
                assertEquals(0, first.awaitExit(SOON), first.log());
                second.terminate();
                assertEquals(0, second.awaitExit(SOON), second.log());
            }
        }
    }

    /** For another server it is another endpoint: each has its own, as on a machine for tests. */
    @Test
    void aSecondStartForAnotherServerRunsBesideTheFirst() throws Exception {
        Map<String, String> settings = Map.of("VIBE_ENDPOINT_ID", "e2b-both");
        try (NodeServer server = NodeServer.start();
                NodeServer another = NodeServer.start();
                RunnerProcess first = start("one", server, settings)) {
            session(server, "first's");
            try (RunnerProcess second = again("one", another, settings)) {
                session(another, "second's");
                second.awaitLog("for another server: what waits for this one is kept in memory");
                assertFalse(Marked.of("first's").isEmpty());
                second.terminate();
                assertEquals(0, second.awaitExit(SOON), second.log());
            }
            assertFalse(Marked.of("first's").isEmpty());
            first.terminate();
            assertEquals(0, first.awaitExit(SOON), first.log());
        }
    }

    /** Another start with the home and the agent of the first. */
    private RunnerProcess again(String name, NodeServer server, Map<String, String> settings) throws Exception {
        Path directory = Files.createTempDirectory(home, "again");
        return RunnerProcess.start(directory, environment(home.resolve(name), server, settings));
    }

    /** Without an endpoint's id: the launcher makes one up. */
    private RunnerProcess start(String name, NodeServer server, Map<String, String> settings) throws Exception {
        Path directory = Files.createDirectory(home.resolve(name));
        Path agent = Files.writeString(directory.resolve("claude"), STUBBORN);
        Files.setPosixFilePermissions(agent, PosixFilePermissions.fromString("rwx------"));
        return RunnerProcess.start(directory, environment(directory, server, settings));
    }

    private static Map<String, String> environment(Path home, NodeServer server, Map<String, String> settings) {
        Map<String, String> environment = new TreeMap<>(Map.of(
                "PATH", System.getenv("PATH"),
                "HOME", home.toString(),
                "VIBE_SERVER_URL", server.uri().toString(),
                "VIBE_AUTH_TOKEN", NodeServer.TOKEN,
                "VIBE_CLAUDE_PATH", home.resolve("claude").toString(),
                "VIBE_STOP_GRACE_SECONDS", "1"));
        environment.putAll(settings);
        return environment;
    }

    private static void session(NodeServer server, String id) throws InterruptedException {
        server.awaitEvent("endpoint:register", SOON);
        server.emit("session:start", Map.of("sessionId", id, "agentType", "claude", "initialMessage", "hello"));
        server.awaitEvent("message:from-claude", SOON);
    }

    private static void kill(long pid) throws Exception {
        assertEquals(
                0,
                new ProcessBuilder("kill", "-KILL", Long.toString(pid)).start().waitFor());
    }
}
