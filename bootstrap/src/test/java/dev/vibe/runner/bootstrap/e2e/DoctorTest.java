package dev.vibe.runner.bootstrap.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.vibe.runner.testkit.ConnectProxy;
import dev.vibe.runner.testkit.NodeServer;
import dev.vibe.runner.testkit.TestCertificate;
import dev.vibe.runner.testkit.TlsFront;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The doctor against servers that are well, and against what goes wrong. */
@Timeout(120)
class DoctorTest {
    private static final Duration SOON = Duration.ofSeconds(30);

    @TempDir
    private Path home = Path.of("");

    /** No agent is on this PATH; the tools of the launcher are. */
    private Map<String, String> environment(String url) {
        return new HashMap<>(Map.of(
                "PATH",
                "/usr/bin:/bin",
                "HOME",
                home.toString(),
                "VIBE_SERVER_URL",
                url,
                "VIBE_AUTH_TOKEN",
                NodeServer.TOKEN,
                "VIBE_ENDPOINT_ID",
                "e2b-doctor",
                "VIBE_SCRIPTED_AGENT",
                "true",
                "VIBE_STATE_DIR",
                home.resolve("state").toString(),
                "VIBE_WORKING_DIR",
                home.toString()));
    }

    private Tool doctor(Map<String, String> environment, String... arguments) throws Exception {
        String[] all = new String[arguments.length + 1];
        all[0] = "doctor";
        System.arraycopy(arguments, 0, all, 1, arguments.length);
        Tool tool = Tool.run(home, environment, all);
        assertFalse(tool.said().contains("\tat "), tool.said());
        return tool;
    }

    @ParameterizedTest
    @ValueSource(strings = {"http", "ws"})
    void aGoodSetupPassesAndLeavesNoEndpointBehind(String scheme) throws Exception {
        try (NodeServer server = NodeServer.start()) {
            Tool tool = doctor(environment(scheme + "://127.0.0.1:" + server.port()));
            assertEquals(0, tool.code(), tool.said());
            for (String check : new String[] {
                "settings",
                "name",
                "tcp",
                "path",
                "token",
                "protocol",
                "scripted",
                "working directory",
                "state directory",
                "disk",
                "memory"
            }) {
                assertTrue(tool.line(check).startsWith("ok "), tool.line(check));
            }
            JsonNode registered = server.awaitEvent("endpoint:register", SOON);
            String name = registered.path("endpointId").asText();
            assertTrue(name.startsWith("doctor-"), name);
            assertEquals(0, registered.at("/capabilities/supportedAgents").size(), registered::toString);
            assertEquals(
                    name,
                    server.awaitEvent("endpoint:unregister", SOON)
                            .path("endpointId")
                            .asText());
            assertTrue(tool.said().contains("starts and answers its handshake"), tool.said());
        }
    }

    @Test
    void aRunnerThatRunsIsNotDisturbed() throws Exception {
        try (NodeServer server = NodeServer.start();
                RunnerProcess runner =
                        RunnerProcess.start(home, environment(server.uri().toString()))) {
            server.awaitEvent("endpoint:register", SOON);
            server.emit("session:start", Map.of("sessionId", "s-1", "agentType", "scripted", "initialMessage", "one"));
            server.awaitEvent("message:from-claude", said -> said.toString().contains("echo: one"), SOON);
            Tool tool = doctor(environment(server.uri().toString()));
            assertEquals(0, tool.code(), tool.said());
            server.emit("message:send", Map.of("sessionId", "s-1", "message", "two"));
            server.awaitEvent("message:from-claude", said -> said.toString().contains("echo: two"), SOON);
            assertFalse(runner.log().contains("disconnected"), runner.log());
        }
    }

    @Test
    void withoutARegistrationItOnlyConnects() throws Exception {
        try (NodeServer server = NodeServer.start()) {
            Tool tool = doctor(environment(server.uri().toString()), "--no-register", "--no-start");
            assertEquals(0, tool.code(), tool.said());
            assertFalse(server.reports().all().toString().contains("endpoint:register"), "it registered");
            assertFalse(tool.said().contains("handshake"), tool.said());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"http", "ws"})
    void aWrongTokenIsNamed(String scheme) throws Exception {
        try (NodeServer server = NodeServer.start(Map.of("token", "another"))) {
            Tool tool = doctor(environment(scheme + "://127.0.0.1:" + server.port()));
            assertEquals(1, tool.code(), tool.said());
            assertTrue(tool.line("token").startsWith("FAIL"), tool.said());
            assertTrue(tool.line("token").contains("VIBE_AUTH_TOKEN"), tool.said());
            assertFalse(tool.said().contains(NodeServer.TOKEN + "\""), tool.said());
        }
    }

    @Test
    void aRefusalOfTheConnectionIsATokenToo() throws Exception {
        try (NodeServer server = NodeServer.start(Map.of("refuse", "middleware"))) {
            Tool tool = doctor(environment(server.uri().toString()));
            assertEquals(1, tool.code(), tool.said());
            assertTrue(tool.line("token").startsWith("FAIL"), tool.said());
        }
    }

    @Test
    void aWrongPortAndAMistypedSettingAreNamedAndTheRestOfTheServerSkipped() throws Exception {
        Map<String, String> environment = environment("http://127.0.0.1:9");
        environment.put("VIBE_MAX_LINE", "3");
        Tool tool = doctor(environment);
        assertEquals(1, tool.code(), tool.said());
        assertTrue(tool.line("settings").startsWith("WARN"), tool.said());
        assertTrue(tool.line("settings").endsWith("did you mean VIBE_MAX_LINE_BYTES?"), tool.said());
        assertTrue(tool.line("tcp").contains("no connection to 127.0.0.1:9: Connection refused"), tool.said());
        assertTrue(tool.line("tcp").startsWith("FAIL") && tool.line("tcp").contains("VIBE_SERVER_URL"), tool.said());
        assertTrue(tool.line("token").startsWith("--"), tool.said());
        assertTrue(tool.line("scripted").startsWith("ok"), tool.said());
    }

    @Test
    void aWrongPathIsNamed() throws Exception {
        try (NodeServer server = NodeServer.start()) {
            Map<String, String> environment = environment(server.uri().toString());
            environment.put("VIBE_SOCKET_PATH", "/elsewhere");
            environment.put("VIBE_CONNECT_TIMEOUT_SECONDS", "3");
            Tool tool = doctor(environment);
            assertEquals(1, tool.code(), tool.said());
            assertTrue(tool.line("path").startsWith("FAIL"), tool.said());
        }
    }

    @Test
    void aNameNobodyKnowsIsNamed() throws Exception {
        Tool tool = doctor(environment("https://no-such-host.invalid"));
        assertEquals(1, tool.code(), tool.said());
        assertTrue(tool.line("name").startsWith("FAIL") && tool.line("name").contains("DNS"), tool.said());
    }

    @Test
    void aCertificateNobodyKnowsIsNamed() throws Exception {
        TestCertificate certificate = TestCertificate.of(home, "ip:127.0.0.1");
        try (NodeServer server = NodeServer.start();
                TlsFront front = new TlsFront(certificate, server.port())) {
            Tool tool = doctor(environment("https://127.0.0.1:" + front.port()));
            assertEquals(1, tool.code(), tool.said());
            assertTrue(tool.line("tls").startsWith("FAIL") && tool.line("tls").contains("VIBE_CA_FILE"), tool.said());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"https", "wss"})
    void aPrivateCertificateBehindAProxyPasses(String scheme) throws Exception {
        TestCertificate certificate = TestCertificate.of(home, "dns:vibe.test");
        try (NodeServer server = NodeServer.start();
                TlsFront front = new TlsFront(certificate, server.port());
                ConnectProxy proxy = new ConnectProxy("me:proxy-secret")) {
            Map<String, String> environment = environment(scheme + "://vibe.test:" + front.port());
            environment.put("VIBE_CA_FILE", certificate.bundle().toString());
            environment.put("HTTPS_PROXY", "http://me:proxy-secret@127.0.0.1:" + proxy.port());
            Tool tool = doctor(environment);
            assertEquals(0, tool.code(), tool.said());
            assertTrue(tool.line("proxy").startsWith("ok"), tool.said());
            assertTrue(tool.line("tls").contains("TLSv1.3"), tool.said());
            assertFalse(tool.said().contains("proxy-secret"), tool.said());
            environment.put("HTTPS_PROXY", "http://127.0.0.1:" + proxy.port());
            Tool refused = doctor(environment);
            assertTrue(
                    refused.line("proxy").startsWith("FAIL")
                            && refused.line("proxy").contains("407"),
                    refused.said());
        }
    }

    @Test
    void withoutAgentsItSaysHowToGetOne() throws Exception {
        try (NodeServer server = NodeServer.start()) {
            Map<String, String> environment = environment(server.uri().toString());
            environment.put("VIBE_SCRIPTED_AGENT", "false");
            Tool tool = doctor(environment, "--json");
            assertEquals(1, tool.code(), tool.said());
            JsonNode report = tool.json();
            assertFalse(report.path("ok").asBoolean());
            assertTrue(tool.said().contains("npm install -g @anthropic-ai/claude-code"), tool.said());
            assertEquals("settings", report.at("/checks/0/check").asText());
            assertEquals("ok", report.at("/checks/0/verdict").asText());
        }
    }

    @Test
    void anAgentThatDoesNotAnswerIsQuoted() throws Exception {
        Path broken = Files.writeString(home.resolve("claude"), "#!/bin/sh\necho no licence >&2\nexit 3\n");
        assertTrue(broken.toFile().setExecutable(true));
        Path well = Files.writeString(home.resolve("well"), ShellAgent.polite());
        assertTrue(well.toFile().setExecutable(true));
        try (NodeServer server = NodeServer.start()) {
            Map<String, String> environment = environment(server.uri().toString());
            environment.put("VIBE_CLAUDE_PATH", broken.toString());
            Tool tool = doctor(environment);
            assertEquals(1, tool.code(), tool.said());
            assertTrue(
                    tool.said().contains("ends instead of answering its handshake; it says: no licence"), tool.said());
            environment.put("VIBE_CLAUDE_PATH", well.toString());
            Tool good = doctor(environment);
            assertEquals(0, good.code(), good.said());
            assertTrue(good.said().contains("Claude Code is not logged in"), good.said());
        }
    }

    @Test
    void wrongSettingsAreAllNamedAndTheMachineIsLookedAtAllTheSame() throws Exception {
        Map<String, String> environment = environment("nonsense");
        environment.remove("VIBE_AUTH_TOKEN");
        environment.put("MAX_CONCURRENT_SESSIONS", "none");
        Tool tool = doctor(environment);
        assertEquals(1, tool.code(), tool.said());
        for (String name : new String[] {"VIBE_SERVER_URL", "VIBE_AUTH_TOKEN", "MAX_CONCURRENT_SESSIONS"}) {
            assertTrue(tool.said().contains(name), tool.said());
        }
        assertTrue(tool.line("scripted").startsWith("ok"), tool.said());
        assertTrue(tool.line("disk").startsWith("ok"), tool.said());
    }
}
