package dev.vibe.runner.bootstrap.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.vibe.runner.testkit.ConnectProxy;
import dev.vibe.runner.testkit.NodeServer;
import dev.vibe.runner.testkit.NodeTools;
import dev.vibe.runner.testkit.TestCertificate;
import dev.vibe.runner.testkit.TlsFront;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The distribution over either transport: plainly, and encrypted with a private certificate through a proxy. */
@Timeout(120)
class NetworkTest {
    private static final Duration SOON = Duration.ofSeconds(30);

    @TempDir
    private Path home = Path.of("");

    private RunnerProcess start(String url, Map<String, String> more) throws IOException {
        Map<String, String> environment = new HashMap<>(Map.of(
                "PATH",
                System.getenv("PATH"),
                "HOME",
                home.toString(),
                "VIBE_SERVER_URL",
                url,
                "VIBE_AUTH_TOKEN",
                NodeServer.TOKEN,
                "VIBE_ENDPOINT_ID",
                "e2b-network",
                "VIBE_SCRIPTED_AGENT",
                "true",
                "VIBE_STATE_DIR",
                home.resolve("state").toString(),
                "VIBE_WORKING_DIR",
                home.toString()));
        environment.putAll(more);
        return RunnerProcess.start(home, environment);
    }

    /** A whole session of two turns, with the death of the JVM between them. */
    private static void converse(NodeServer server, RunnerProcess runner) throws Exception {
        server.awaitEvent("endpoint:register", SOON);
        server.emit("session:start", Map.of("sessionId", "s1", "agentType", "scripted", "initialMessage", "hello"));
        server.awaitEvent("session:started", SOON);
        server.awaitEvent("message:from-claude", said -> said.toString().contains("echo: hello"), SOON);
        server.emit("session:stop", Map.of("sessionId", "s1"));
        assertEquals(
                "stopped",
                server.awaitEvent("session:ended", SOON).path("reason").asText());
        assertTrue(ProcessHandle.of(runner.java()).orElseThrow().destroyForcibly());
        server.awaitEvent("endpoint:register", SOON);
        server.emit("session:start", Map.of("sessionId", "s2", "agentType", "scripted", "initialMessage", "again"));
        server.awaitEvent("message:from-claude", said -> said.toString().contains("echo: again"), SOON);
        runner.terminate();
        assertEquals(
                "shutdown",
                server.awaitEvent("session:ended", SOON).path("reason").asText());
        server.awaitEvent("endpoint:unregister", SOON);
        assertEquals(0, runner.awaitExit(SOON), runner.log());
    }

    @ParameterizedTest
    @ValueSource(strings = {"http", "ws"})
    void aWholeSessionPasses(String scheme) throws Exception {
        try (NodeServer server = NodeServer.start();
                RunnerProcess runner = start(scheme + "://127.0.0.1:" + server.port(), Map.of())) {
            converse(server, runner);
        }
    }

    @Test
    void theExampleServerOfTheDocumentationWorks() throws Exception {
        NodeTools.require();
        String page = Files.readString(Path.of(System.getProperty("vibe.root", "."), "docs/websocket-protocol.md"));
        String code = page.substring(page.indexOf("```js\n") + 6, page.lastIndexOf("```"));
        Path said = home.resolve("example.log");
        ProcessBuilder builder = new ProcessBuilder(
                        NodeTools.executable().orElseThrow().toString(),
                        "--input-type=module",
                        "-",
                        "0",
                        "scripted",
                        "say from the example")
                .directory(NodeTools.directory().toFile())
                .redirectErrorStream(true)
                .redirectOutput(said.toFile());
        builder.environment().put("VIBE_AUTH_TOKEN", NodeServer.TOKEN);
        Process example = builder.start();
        try {
            example.outputWriter(StandardCharsets.UTF_8).append(code).close();
            String port = awaitText(said, "listening on (\\d+)");
            try (RunnerProcess runner = start("ws://127.0.0.1:" + port, Map.of())) {
                awaitText(said, "(\"text\":\"from the example\")");
                awaitText(said, "(session:ended .*\"reason\":\"stopped\")");
                runner.terminate();
                assertEquals(0, runner.awaitExit(SOON), runner.log());
            }
        } finally {
            example.destroyForcibly();
        }
    }

    private static String awaitText(Path file, String pattern) throws Exception {
        long end = System.nanoTime() + SOON.toNanos();
        while (System.nanoTime() < end) {
            Matcher found = Pattern.compile(pattern).matcher(Files.readString(file));
            if (found.find()) {
                return String.valueOf(found.group(1));
            }
            Thread.sleep(20);
        }
        throw new AssertionError("no " + pattern + " in " + Files.readString(file));
    }

    @ParameterizedTest
    @ValueSource(strings = {"https", "wss"})
    void aWholeSessionPassesThroughAProxyToAPrivateCertificate(String scheme) throws Exception {
        TestCertificate certificate = TestCertificate.of(home, "dns:vibe.test");
        try (NodeServer server = NodeServer.start();
                TlsFront front = new TlsFront(certificate, server.port());
                ConnectProxy proxy = new ConnectProxy("me:proxy-secret");
                RunnerProcess runner = start(
                        scheme + "://vibe.test:" + front.port(),
                        Map.of(
                                "VIBE_CA_FILE",
                                certificate.bundle().toString(),
                                "HTTPS_PROXY",
                                "http://me:proxy-secret@127.0.0.1:" + proxy.port()))) {
            converse(server, runner);
            assertFalse(proxy.tunnels().all().isEmpty());
            assertFalse(runner.log().contains("proxy-secret"), "the proxy's password is in the log");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"https", "wss"})
    void aCertificateNobodyKnowsIsNamedInTheLog(String scheme) throws Exception {
        TestCertificate certificate = TestCertificate.of(home, "ip:127.0.0.1");
        try (NodeServer server = NodeServer.start();
                TlsFront front = new TlsFront(certificate, server.port());
                RunnerProcess runner = start(scheme + "://127.0.0.1:" + front.port(), Map.of())) {
            long end = System.nanoTime() + SOON.toNanos();
            while (!runner.log().contains("VIBE_CA_FILE")) {
                assertTrue(System.nanoTime() < end, runner.log());
                Thread.sleep(20);
            }
            assertFalse(runner.log().contains("\tat "), runner.log());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/no/such/file.pem", "/etc"})
    void aBundleThatCannotBeReadIsAWrongSetting(String bundle) throws Exception {
        try (RunnerProcess runner = start("https://127.0.0.1:1", Map.of("VIBE_CA_FILE", bundle))) {
            assertEquals(78, runner.awaitExit(SOON), runner.log());
            assertTrue(runner.log().contains("VIBE_CA_FILE"), runner.log());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"socks5://me:proxy-secret@127.0.0.1:1080"})
    void aProxyThatCannotBeUsedIsAWrongSetting(String proxy) throws Exception {
        try (RunnerProcess runner = start("https://vibe.test", Map.of("HTTPS_PROXY", proxy))) {
            assertEquals(78, runner.awaitExit(SOON), runner.log());
            assertTrue(runner.log().contains("HTTPS_PROXY"), runner.log());
            assertFalse(runner.log().contains("proxy-secret"), runner.log());
        }
    }
}
