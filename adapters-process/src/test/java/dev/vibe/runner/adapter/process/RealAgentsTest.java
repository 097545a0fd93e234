package dev.vibe.runner.adapter.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.vibe.runner.application.port.out.AgentPort;
import dev.vibe.runner.domain.AgentInfo;
import dev.vibe.runner.domain.Channel;
import dev.vibe.runner.domain.ExitStatus;
import dev.vibe.runner.domain.UserMessage;
import dev.vibe.runner.testkit.Requires;
import dev.vibe.runner.testkit.Running;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The real CLIs, as far as they go without a model: found, started, ready, ended. */
@Timeout(120)
class RealAgentsTest {
    private static final Path BIN = bin();

    private Path home = Path.of("");

    @BeforeEach
    void areInstalled() throws Exception {
        boolean present = Files.isExecutable(BIN.resolve("claude")) && Files.isExecutable(BIN.resolve("codex"));
        Requires.that("agents", present, "no claude and codex in " + BIN + "; run npm ci in testkit/agents");
        // Not below the temp directory: Codex refuses to work there.
        home = Files.createTempDirectory(
                Files.createDirectories(Path.of("target/homes").toAbsolutePath()), "home");
        Files.createDirectories(home.resolve("codex"));
    }

    @Test
    void claudeIsFoundGetsReadySilentlyAndEndsAtTheEndOfItsInput() throws Exception {
        AgentPort claude = ProcessAgents.claude(settings(PermissionMode.BYPASS));
        version(claude);
        try (Running running = Running.ready(claude)) {
            assertNotNull(running.agent().agentSessionId());
            running.agent().stop(Duration.ofSeconds(10));
            assertEquals(ExitStatus.of(0), running.end());
            assertEquals(List.of(), running.texts(Channel.STDOUT), "nothing but the handshake was said");
        }
    }

    @Test
    void codexIsFoundGetsReadyAndEndsAtTheEndOfItsInput() throws Exception {
        AgentPort codex = ProcessAgents.codex(settings(PermissionMode.BYPASS));
        version(codex);
        try (Running running = Running.ready(codex)) {
            String thread = running.agent().agentSessionId();
            assertNotNull(thread);
            running.await(line -> line.contains("thread/started") && line.contains(thread));
            assertTrue(running.texts(Channel.STDOUT).stream().noneMatch(line -> line.contains("vibe-runner-")));
            running.agent().stop(Duration.ofSeconds(10));
            assertEquals(ExitStatus.of(0), running.end());
        }
    }

    @Test
    void bothAreReadyInPromptModeToo() throws Exception {
        for (AgentPort port : ports(settings(PermissionMode.PROMPT))) {
            Running.ready(port).close();
        }
    }

    @Test
    void aStopBeforeTheHandshakeIsOverEndsThem() throws Exception {
        for (AgentPort port : ports(settings(PermissionMode.BYPASS))) {
            try (Running running = Running.launch(port)) {
                running.agent().stop(Duration.ofSeconds(10));
                assertEquals(List.of(), running.end().survivors());
            }
        }
    }

    @Test
    void killedFromOutsideTheyAreReportedSo() throws Exception {
        for (AgentPort port : ports(settings(PermissionMode.BYPASS))) {
            try (Running running = Running.ready(port)) {
                ProcessHandle.of(running.agent().pid()).orElseThrow().destroyForcibly();
                assertEquals("was ended by signal 9 (SIGKILL)", running.end().describe());
            }
        }
    }

    @Test
    void noMessageOfWhateverShapeEndsClaude() throws Exception {
        try (Running running = Running.ready(ProcessAgents.claude(settings(PermissionMode.PROMPT)))) {
            for (String odd : List.of(
                    "{\"type\":\"user\"}",
                    "{\"type\":\"user\",\"message\":{\"role\":\"user\",\"content\":null}}",
                    "{\"type\":\"user\",\"message\":{\"role\":\"system\",\"content\":\"x\"}}",
                    "{\"type\":\"control_request\"}",
                    "{\"type\":\"control_response\"}",
                    "{\"type\":\"control_response\",\"response\":{}}",
                    "{\"type\":\"user\",\"message\":{\"role\":\"user\",\"text\":\"x\"}}",
                    "{\"content\":[{\"type\":\"image\"}]}",
                    "{\"content\":[{\"type\":\"image\",\"source\":{\"type\":\"base64\"}}]}",
                    "{\"content\":[{\"type\":\"tool_result\",\"tool_use_id\":\"t\",\"content\":5}]}",
                    control("{\"subtype\":\"set_model\",\"model\":5}"),
                    control("{\"subtype\":\"mcp_set_servers\"}"),
                    control("{\"subtype\":\"mcp_call\"}"),
                    control("{\"subtype\":\"apply_flag_settings\"}"),
                    "not json",
                    "[]")) {
                running.agent().send(new UserMessage.Structured(odd));
            }
            running.agent().interrupt();
            running.sendJson(
                            "{\"type\":\"control_request\",\"request_id\":\"mine\",\"request\":{\"subtype\":\"mcp_status\"}}")
                    .await(line -> line.contains("\"request_id\":\"mine\""));
        }
    }

    private static String control(String request) {
        return "{\"type\":\"control_request\",\"request_id\":\"r\",\"request\":" + request + "}";
    }

    private static List<AgentPort> ports(ProcessSettings settings) {
        return List.of(ProcessAgents.claude(settings), ProcessAgents.codex(settings));
    }

    private static void version(AgentPort port) {
        AgentInfo info = port.detect().orElseThrow();
        assertTrue(String.valueOf(info.version()).matches("\\d+\\.\\d+\\.\\d+.*"), info::toString);
    }

    private ProcessSettings settings(PermissionMode mode) {
        Map<String, String> environment = new HashMap<>(System.getenv());
        environment.putAll(Map.of(
                "HOME", home.toString(),
                "CLAUDE_CONFIG_DIR", home.resolve("claude").toString(),
                "CODEX_HOME", home.resolve("codex").toString(),
                "ANTHROPIC_BASE_URL", "http://127.0.0.1:1",
                "ANTHROPIC_API_KEY", "test",
                "CLAUDE_CODE_MAX_RETRIES", "0",
                "CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC", "1",
                "DISABLE_TELEMETRY", "1",
                "OPENAI_API_KEY", "test"));
        List<String> provider = List.of(
                "-c",
                "model_provider=\"none\"",
                "-c",
                "model_providers.none={name=\"none\",base_url=\"http://127.0.0.1:1/v1\",wire_api=\"responses\"}");
        return new ProcessSettings(
                environment,
                Set.of(),
                home,
                null,
                mode,
                false,
                Integer.MAX_VALUE,
                () -> 900_000,
                "0.1.0",
                () -> {},
                new AgentCommand(BIN.resolve("claude"), List.of()),
                new AgentCommand(BIN.resolve("codex"), provider));
    }

    private static Path bin() {
        String named = System.getenv("VIBE_TEST_AGENTS_BIN");
        return named == null
                ? Path.of(System.getProperty("vibe.root", ".")).resolve("testkit/agents/node_modules/.bin")
                : Path.of(named);
    }
}
