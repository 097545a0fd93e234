package dev.vibe.runner.bootstrap.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.vibe.runner.testkit.NodeServer;
import dev.vibe.runner.testkit.talk.Agent;
import dev.vibe.runner.testkit.talk.Conversation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the runner answers when it cannot or must not do what it is asked. */
@Timeout(120)
class RunnerTest {
    private static final Duration SOON = Duration.ofSeconds(30);
    /** Longer than signals count as one. */
    private static final Duration ECHO = Duration.ofMillis(700);

    private final Path directory;

    RunnerTest(@TempDir Path directory) {
        this.directory = directory;
    }

    @Test
    void refusesSessionsOverItsCapacityAndNothingElse() throws Exception {
        try (Stage stage = Stage.open(Map.of("MAX_CONCURRENT_SESSIONS", "1"))) {
            Conversation first = stage.conversation(Agent.CLAUDE);
            first.start(Map.of());

            Conversation second = stage.conversation(Agent.CODEX);
            second.request(Map.of());
            String error = second.awaitEvent("session:error").path("error").asText();

            assertTrue(error.contains("capacity"), error);
            assertTrue(first.turn("still here").words().startsWith("echo: still here"));
            first.stop();
            first.awaitEvent("session:ended");
            Conversation third = stage.conversation(Agent.CODEX);
            third.start(Map.of("initialMessage", "now"));
            assertTrue(third.awaitTurn().words().startsWith("echo: now"));
        }
    }

    @Test
    void refusesWhatItCannotStart() throws Exception {
        try (Stage stage = Stage.open(Map.of())) {
            assertRefused(stage, Map.of("workingDirectory", "/no/such/directory"), "/no/such/directory");
            assertRefused(stage, Map.of("agentType", "gemini"), "gemini");

            Conversation session = stage.conversation(Agent.CLAUDE);
            session.start(Map.of("initialMessage", "[TOOL:pwd]", "workingDirectory", stage.work.toString()));
            String words = session.awaitTurn().words();
            assertTrue(words.contains(stage.work.toString()), words);
        }
    }

    @Test
    void saysWhyAnAgentDiedWhileStarting() throws Exception {
        Path broken = Files.writeString(directory.resolve("claude"), "#!/bin/sh\necho no licence >&2\nexit 3\n");
        assertTrue(broken.toFile().setExecutable(true));
        try (Stage stage = Stage.open(Map.of("VIBE_CLAUDE_PATH", broken.toString()))) {
            Conversation session = stage.conversation(Agent.CLAUDE);

            session.request(Map.of("initialMessage", "hello"));

            String error = session.awaitEvent("session:error").path("error").asText();
            assertTrue(error.contains("exited with code 3"), error);
            assertTrue(error.contains("no licence"), error);
        }
    }

    @Test
    void runsSessionsOfBothAgentsAtOnce() throws Exception {
        try (Stage stage = Stage.open(Map.of("MAX_CONCURRENT_SESSIONS", "2"))) {
            Conversation one = stage.conversation(Agent.CLAUDE);
            Conversation two = stage.conversation(Agent.CODEX);
            one.request(Map.of("initialMessage", "[SLOW:20:100]"));
            two.start(Map.of("initialMessage", "two"));

            assertTrue(two.awaitTurn().words().startsWith("echo: two"));
            assertTrue(one.awaitTurn().words().endsWith("w19 "));
        }
    }

    @Test
    void endsAtOnceOnASecondSignalThatIsNoEcho() throws Exception {
        Path stubborn = Files.writeString(directory.resolve("claude"), """
                #!/bin/sh
                trap '' TERM
                read -r line
                id=$(echo "$line" | sed 's/.*"request_id":"\\([^"]*\\)".*/\\1/')
                echo '{"type":"control_response","response":{"subtype":"success","request_id":"'$id'","response":{}}}'
                while true; do sleep 1; done
                """);
        assertTrue(stubborn.toFile().setExecutable(true));
        try (Stage stage = Stage.open(Map.of(
                "VIBE_CLAUDE_PATH",
                stubborn.toString(),
                "VIBE_STOP_GRACE_SECONDS",
                "60",
                "VIBE_SHUTDOWN_SECONDS",
                "60"))) {
            Conversation session = stage.conversation(Agent.CLAUDE);
            session.start(Map.of());
            // Both at once, as npm does with a Ctrl-C; two of a kind would become one on their way.
            String launcher = Long.toString(stage.runner().pid());
            Process kill = new ProcessBuilder("sh", "-c", "kill -INT $0; kill -TERM $0", launcher).start();
            assertEquals(0, kill.waitFor());
            stage.awaitLog("shutting down within");
            Thread.sleep(ECHO); // the time is what is tested
            assertFalse(stage.runner().log().contains("again"), stage.runner().log());

            stage.runner().terminate();

            assertEquals(
                    143,
                    stage.runner().awaitExit(Duration.ofSeconds(10)),
                    stage.runner().log());
            assertEquals(List.of(), Marked.of(session.id()));
        }
    }

    @Test
    void answersForSessionsItDoesNotKnow() throws Exception {
        try (Stage stage = Stage.open(Map.of("VIBE_LOG_FORMAT", "json"))) {
            Conversation unknown = stage.conversation(Agent.CLAUDE);

            unknown.say("hello?");

            String error = unknown.awaitEvent("session:error").path("error").asText();
            assertTrue(error.contains(unknown.id()), error);
            stage.awaitLog(",\"session\":\"" + unknown.id() + "\",\"message\":\"session ");
        }
    }

    @Test
    void warmsUpAndTheServerAndTheLogHearNothingOfIt() throws Exception {
        try (Stage stage = Stage.open(Map.of("VIBE_LOG_LEVEL", "debug"))) {
            stage.awaitLog("the warm-up took ");
            Conversation session = stage.conversation(Agent.CLAUDE);
            session.start(Map.of());
            assertTrue(session.turn("after it").words().startsWith("echo: after it"));

            assertEquals(
                    Set.of("endpoint:register", "session:started", "message:from-claude"),
                    stage.server.reports().all().stream()
                            .filter(report -> report.path("is").asText().equals("event"))
                            .map(report -> report.path("name").asText())
                            .collect(Collectors.toSet()));
            String log = stage.runner().log();
            assertFalse(log.contains("warm-up-1"), log);
            assertEquals(log.indexOf("registered as"), log.lastIndexOf("registered as"), log);
            assertEquals(List.of(), Marked.of("warm-up-1"));
        }
    }

    @Test
    void endsInTheMiddleOfItsWarmUpAndLeavesNothing() throws Exception {
        try (Stage stage = Stage.open(Map.of("VIBE_STATE_DIR", directory.toString()))) {
            long end = System.nanoTime() + SOON.toNanos();
            while (warmUps().isEmpty()) {
                assertTrue(System.nanoTime() < end, "no warm-up was seen");
                Thread.onSpinWait();
            }
            stage.runner().terminate();
            assertEquals(0, stage.runner().awaitExit(SOON));
            assertEquals(List.of(), Marked.of("warm-up-1"));
        }
    }

    private List<String> warmUps() {
        String[] found = directory.toFile().list((_, name) -> name.startsWith("warm-up-"));
        return found == null ? List.of() : List.of(found);
    }

    @Test
    void startsARepeatedSessionOnce() throws Exception {
        try (Stage stage = Stage.open(Map.of())) {
            Conversation session = stage.conversation(Agent.CLAUDE);
            session.start(Map.of());

            session.request(Map.of());

            assertTrue(session.turn("one").words().startsWith("echo: one (messages="));
            assertTrue(Marked.agent(session.id()).isAlive());
        }
    }

    @Test
    void announcesWhatItHas() throws Exception {
        try (Stage stage = Stage.open(Map.of("MAX_CONCURRENT_SESSIONS", "7"))) {
            JsonNode register = stage.server.reports().all().stream()
                    .filter(report -> report.path("name").asText().equals("endpoint:register"))
                    .findFirst()
                    .orElseThrow()
                    .path("payload");

            assertEquals("e2b-test", register.path("endpointId").asText());
            assertEquals("cloud-e2b", register.path("type").asText());
            assertEquals(7, register.at("/capabilities/maxSessions").asInt());
            assertEquals(
                    "[\"claude\",\"codex\"]",
                    register.at("/capabilities/supportedAgents").toString());
            assertEquals(
                    "2.1.197", register.at("/metadata/agentVersions/claude").asText(), register::toString);
            assertEquals("0.169.0", register.at("/metadata/agentVersions/codex").asText(), register::toString);
        }
    }

    @Test
    void namesAllWrongSettingsAndExits78() throws Exception {
        Map<String, String> environment = environment("ftp://nowhere");
        environment.put("MAX_CONCURRENT_SESSIONS", "none");
        environment.put("VIBE_PERMISSION_MODE", "maybe");

        try (RunnerProcess runner = RunnerProcess.start(directory, environment)) {
            assertEquals(78, runner.awaitExit(SOON));
            String log = runner.log();
            assertTrue(log.contains("VIBE_SERVER_URL"), log);
            assertTrue(log.contains("MAX_CONCURRENT_SESSIONS"), log);
            assertTrue(log.contains("VIBE_PERMISSION_MODE"), log);
            assertFalse(log.contains("the-token"), log);
        }
    }

    @Test
    void showsItsSettingsWithoutTheToken() throws Exception {
        try (RunnerProcess runner =
                RunnerProcess.start(directory, environment("http://127.0.0.1:9"), "--print-config")) {
            assertEquals(0, runner.awaitExit(SOON), runner.log());
            assertTrue(runner.log().contains("VIBE_SERVER_URL=http://127.0.0.1:9"), runner.log());
            assertFalse(runner.log().contains("the-token"), runner.log());
        }
    }

    @Test
    void refusesArgumentsItDoesNotKnow() throws Exception {
        try (RunnerProcess runner = RunnerProcess.start(directory, environment("http://127.0.0.1:9"), "--frobnicate")) {
            assertEquals(64, runner.awaitExit(SOON), runner.log());
            assertTrue(runner.log().contains("--frobnicate"), runner.log());
        }
    }

    @Test
    void exits77WhenTheServerRefusesTheToken() throws Exception {
        for (String how : new String[] {"middleware", "event"}) {
            try (NodeServer server = NodeServer.start(Map.of("refuse", how))) {
                assertRejected(server);
            }
        }
        try (NodeServer server = NodeServer.start(Map.of("token", "another"))) {
            assertRejected(server);
        }
    }

    @Test
    void registersWithAServerThatLearnsTheTokenLate() throws Exception {
        try (NodeServer server = NodeServer.start(Map.of("token", "the-token", "rejectRegisters", 2));
                RunnerProcess _ =
                        RunnerProcess.start(directory, environment(server.uri().toString()))) {
            server.awaitEvent("endpoint:register", SOON);
            server.awaitEvent("endpoint:register", SOON);
            server.awaitEvent("endpoint:register", SOON);
            server.awaitEvent("endpoint:heartbeat", SOON);
        }
    }

    @Test
    void usesATokenThatIsRenewedInItsFile() throws Exception {
        Path file = Files.writeString(directory.resolve("token"), "the-old-one\n");
        try (NodeServer server = NodeServer.start(Map.of("token", "the-old-one"))) {
            Map<String, String> environment = environment(server.uri().toString());
            environment.put("VIBE_AUTH_TOKEN", "");
            environment.put("VIBE_AUTH_TOKEN_FILE", file.toString());
            environment.put("VIBE_LOG_LEVEL", "trace");
            try (RunnerProcess runner = RunnerProcess.start(directory, environment)) {
                server.awaitEvent("endpoint:heartbeat", SOON);
                server.run("set", Map.of("options", Map.of("token", "a-new-one")));
                server.run("kick", Map.of("hard", false));
                runner.awaitLog("the server refused the token");
                Files.writeString(file, "a-new-one\n");
                server.awaitEvent("endpoint:register", said -> said.toString().contains("a-new-one"), SOON);
                server.awaitEvent("endpoint:heartbeat", SOON);
                assertFalse(runner.log().contains("a-new-one"), runner.log());
            }
        }
    }

    @Test
    void keepsTheTokenOutOfItsLog() throws Exception {
        Map<String, String> environment = environment("http://127.0.0.1:9");
        environment.put("VIBE_LOG_LEVEL", "trace");
        try (NodeServer server = NodeServer.start(Map.of("token", "the-token"))) {
            environment.put("VIBE_SERVER_URL", server.uri().toString());
            try (RunnerProcess runner = RunnerProcess.start(directory, environment)) {
                server.awaitEvent("endpoint:register", SOON);
                runner.terminate();
                assertEquals(0, runner.awaitExit(SOON), runner.log());
                assertFalse(runner.log().contains("the-token"), runner.log());
            }
        }
    }

    private void assertRejected(NodeServer server) throws IOException, InterruptedException {
        Map<String, String> environment = environment(server.uri().toString());
        environment.put("VIBE_AUTH_GRACE_SECONDS", "1");
        try (RunnerProcess runner = RunnerProcess.start(directory, environment)) {
            assertEquals(77, runner.awaitExit(SOON), runner.log());
            assertTrue(runner.log().contains("trying for 1 s more"), runner.log());
        }
    }

    private static void assertRefused(Stage stage, Map<String, String> fields, String named)
            throws InterruptedException {
        Conversation session = stage.conversation(Agent.CLAUDE);
        session.request(fields);
        String error = session.awaitEvent("session:error").path("error").asText();
        assertTrue(error.contains(named), error);
    }

    private Map<String, String> environment(String url) {
        return new HashMap<>(Map.of(
                "PATH",
                System.getenv("PATH"),
                "HOME",
                directory.toString(),
                "VIBE_SERVER_URL",
                url,
                "VIBE_AUTH_TOKEN",
                "the-token",
                "VIBE_ENDPOINT_ID",
                "e2b-" + UUID.randomUUID(),
                "VIBE_HEARTBEAT_SECONDS",
                "1"));
    }
}
