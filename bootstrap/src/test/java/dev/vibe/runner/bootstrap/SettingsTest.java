package dev.vibe.runner.bootstrap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.vibe.runner.adapter.process.PermissionMode;
import dev.vibe.runner.application.SessionLimits;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingsTest {
    private static final Map<String, String> MINIMUM = Map.of(
            "VIBE_SERVER_URL", "https://vibe.example.com", "VIBE_AUTH_TOKEN", "s3cr3t-token", "HOME", "/home/me");

    private static Map<String, String> with(String... namesAndValues) {
        Map<String, String> environment = new HashMap<>(MINIMUM);
        for (int i = 0; i < namesAndValues.length; i += 2) {
            environment.put(namesAndValues[i], namesAndValues[i + 1]);
        }
        return environment;
    }

    private record Said(int code, String out, String err) {}

    private static Said run(Map<String, String> environment, String... args) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int code = Main.run(
                List.of(args),
                environment,
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8));
        return new Said(code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    @Test
    void theTwoRequiredSettingsAreEnough() throws Exception {
        RunnerSettings settings = RunnerSettings.from(MINIMUM);
        assertEquals("https://vibe.example.com", settings.serverUrl().toString());
        assertEquals("s3cr3t-token", settings.token().value());
        assertEquals(1, settings.maxSessions());
        assertEquals(Duration.ofSeconds(30), settings.heartbeat());
        assertEquals(PermissionMode.BYPASS, settings.permissionMode());
        assertTrue(settings.endpointId().matches("e2b-[0-9a-f]{16}"), settings.endpointId());
        assertEquals(Optional.of(Path.of("/home/me/.local/state/vibe-runner/runner.log")), settings.logFile());
    }

    @Test
    void everySettingIsTaken() throws Exception {
        RunnerSettings settings = RunnerSettings.from(with(
                "VIBE_ENDPOINT_ID", "e2b-x",
                "MAX_CONCURRENT_SESSIONS", "7",
                "VIBE_WORKING_DIR", "/w",
                "VIBE_WORKSPACE_ROOT", "/r",
                "VIBE_PERMISSION_MODE", "Prompt",
                "VIBE_PARTIAL_MESSAGES", "yes",
                "VIBE_SCRIPTED_AGENT", "1",
                "VIBE_CLAUDE_PATH", "/c",
                "VIBE_CODEX_PATH", "/x",
                "VIBE_CLAUDE_ARGS", "--model 'opus 4'",
                "VIBE_CODEX_ARGS", "-c model=\"a b\"",
                "VIBE_PRIVATE_ENV", "A, B,,C",
                "VIBE_MAX_LINE_BYTES", "5000",
                "VIBE_OUTBOX_MAX_MB", "9",
                "VIBE_OUTBOX_WHEN_FULL", "drop",
                "VIBE_RESUME", "off",
                "VIBE_SUPERVISE", "no",
                "VIBE_START_TIMEOUT_SECONDS", "2",
                "VIBE_IDLE_TIMEOUT_SECONDS", "21",
                "VIBE_MAX_SESSION_SECONDS", "22",
                "VIBE_STALL_MINUTES", "23",
                "VIBE_STALL_ACTION", "interrupt",
                "VIBE_STOP_GRACE_SECONDS", "0",
                "VIBE_SHUTDOWN_SECONDS", "4",
                "VIBE_HEARTBEAT_SECONDS", "5",
                "VIBE_REGISTER_RETRY_MIN_MS", "11",
                "VIBE_REGISTER_RETRY_MAX_MS", "12",
                "VIBE_RECONNECT_MIN_MS", "13",
                "VIBE_RECONNECT_MAX_MS", "14",
                "VIBE_CONNECT_TIMEOUT_SECONDS", "6",
                "VIBE_PROBE_TIMEOUT_SECONDS", "7",
                "VIBE_AUTH_GRACE_SECONDS", "0",
                "VIBE_SOCKET_PATH", "/p",
                "VIBE_LOG_LEVEL", "debug",
                "VIBE_LOG_FORMAT", "json",
                "VIBE_LOG_FILE", "/l",
                "VIBE_STATE_DIR", "/s"));
        assertEquals("e2b-x", settings.endpointId());
        assertEquals(7, settings.maxSessions());
        assertEquals(Path.of("/w"), settings.workingDirectory());
        assertEquals(Optional.of(Path.of("/r")), settings.workspaceRoot());
        assertEquals(PermissionMode.PROMPT, settings.permissionMode());
        assertTrue(settings.partialMessages() && settings.scriptedAgent());
        assertEquals(Optional.of(Path.of("/c")), settings.claudePath());
        assertEquals(Optional.of(Path.of("/x")), settings.codexPath());
        assertEquals(List.of("--model", "opus 4"), settings.claudeArgs());
        assertEquals(List.of("-c", "model=a b"), settings.codexArgs());
        assertEquals(List.of("A", "B", "C"), settings.privateEnv());
        assertEquals(5000, settings.maxLineBytes());
        assertEquals(9, settings.outboxMaxMegabytes());
        assertEquals(WhenFull.DROP, settings.outboxWhenFull());
        assertFalse(settings.resume() || settings.supervise());
        assertEquals(Duration.ofSeconds(2), settings.startTimeout());
        assertEquals(
                new SessionLimits(Duration.ofSeconds(21), Duration.ofSeconds(22), Duration.ofMinutes(23), true),
                settings.limits());
        assertEquals(Duration.ZERO, settings.stopGrace());
        assertEquals(Duration.ofSeconds(4), settings.shutdown());
        assertEquals(Duration.ofSeconds(5), settings.heartbeat());
        assertEquals(Duration.ofMillis(11), settings.registerRetryMin());
        assertEquals(Duration.ofMillis(12), settings.registerRetryMax());
        assertEquals(Duration.ofMillis(13), settings.reconnectMin());
        assertEquals(Duration.ofMillis(14), settings.reconnectMax());
        assertEquals(Duration.ofSeconds(6), settings.connectTimeout());
        assertEquals(Duration.ofSeconds(7), settings.probeTimeout());
        assertEquals(Duration.ZERO, settings.authGrace());
        assertEquals("/p", settings.socketPath());
        assertEquals(LogLevel.DEBUG, settings.logLevel());
        assertEquals(LogFormat.JSON, settings.logFormat());
        assertEquals(Optional.of(Path.of("/l")), settings.logFile());
        assertEquals(Path.of("/s"), settings.stateDirectory());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "VIBE_SERVER_URL|ftp://x",
                "VIBE_SERVER_URL|vibe.example.com",
                "VIBE_SERVER_URL|http://user:pw@host",
                "VIBE_SERVER_URL|http://user:pw@my_host",
                "VIBE_SERVER_URL|http://my_host:0",
                "VIBE_SERVER_URL|http://my_host:70000",
                "VIBE_SERVER_URL|http://host:70000",
                "VIBE_SERVER_URL|http://",
                "VIBE_SERVER_URL|http://host?x=1",
                "VIBE_SERVER_URL|http://ho st",
                "VIBE_SERVER_URL|http://a..b:1",
                "VIBE_SERVER_URL|https://.:443",
                "VIBE_SERVER_URL|http://[fe80::1%25eth0]:3000",
                "MAX_CONCURRENT_SESSIONS|0",
                "MAX_CONCURRENT_SESSIONS|two",
                "MAX_CONCURRENT_SESSIONS|1.5",
                "MAX_CONCURRENT_SESSIONS|99999999999",
                "VIBE_PERMISSION_MODE|ask",
                "VIBE_PARTIAL_MESSAGES|perhaps",
                "VIBE_HEARTBEAT_SECONDS|-1",
                "VIBE_MAX_LINE_BYTES|1",
                "VIBE_SOCKET_PATH|v1/updates",
                "VIBE_CLAUDE_ARGS|--model 'open",
                "VIBE_PRIVATE_ENV|S1;S2",
                "VIBE_PRIVATE_ENV|A,B=c",
                "VIBE_SERVER_URL|http://host/tenant",
                "VIBE_LOG_LEVEL|loud",
                "VIBE_RECONNECT_MIN_MS|20000"
            })
    void aWrongValueIsNamedWithWhatIsAllowed(String name, String value) {
        InvalidSettingsException wrong =
                assertThrows(InvalidSettingsException.class, () -> RunnerSettings.from(with(name, value)));
        String message = String.valueOf(wrong.getMessage());
        assertTrue(message.startsWith("1 setting is wrong"), message);
        assertTrue(message.contains("it must be"), message);
    }

    /** Compose gives services such names. */
    @Test
    void aServersNameMayHaveAnUnderscoreExceptForPlainWebSocket() throws Exception {
        String url = "http://vibe_server:3005";
        RunnerSettings settings =
                RunnerSettings.from(with("VIBE_SERVER_URL", url, "HTTP_PROXY", "http://my_proxy:3128"));
        assertEquals(URI.create(url), settings.serverUrl());
        assertEquals(
                "proxy my_proxy:3128",
                String.valueOf(settings.network().proxies().proxyFor("vibe_server", 3005, false)));
        InvalidSettingsException wrong = assertThrows(
                InvalidSettingsException.class, () -> RunnerSettings.from(with("VIBE_SERVER_URL", "ws://vibe_server")));
        assertTrue(String.valueOf(wrong.getMessage()).contains("plain WebSocket cannot connect"), wrong.getMessage());
    }

    /** npm looks into variables with such names, and a system lets anything but = be in one. */
    @Test
    void aNameThatIsNoWordIsTakenWhereThereIsSuchAVariable() throws Exception {
        String name = "npm_config_//registry.example/:_authToken";
        RunnerSettings settings =
                RunnerSettings.from(with("VIBE_PRIVATE_ENV", "A_1 " + name + ",,absent", name, "k3y"));
        assertEquals(List.of("A_1", name, "absent"), settings.privateEnv());
    }

    @Test
    void aPathInTheServersUrlIsForPlainWebSocketOnly() throws Exception {
        for (String good : List.of("http://host/", "ws://host/tenant")) {
            assertEquals(
                    URI.create(good),
                    RunnerSettings.from(with("VIBE_SERVER_URL", good)).serverUrl());
        }
        InvalidSettingsException wrong = assertThrows(
                InvalidSettingsException.class,
                () -> RunnerSettings.from(with("VIBE_SERVER_URL", "wss://host/v1", "VIBE_TRANSPORT", "socketio")));
        assertTrue(String.valueOf(wrong.getMessage()).contains("namespace"), wrong.getMessage());
    }

    @Test
    void allWrongSettingsAreNamedAtOnceWithExit78() {
        Said said = run(Map.of("MAX_CONCURRENT_SESSIONS", "many", "VIBE_LOG_FORMAT", "xml"));
        assertEquals(78, said.code());
        for (String name :
                List.of("VIBE_SERVER_URL", "VIBE_AUTH_TOKEN", "MAX_CONCURRENT_SESSIONS", "VIBE_LOG_FORMAT")) {
            assertTrue(said.err().contains("\n  " + name + " is "), said.err());
        }
        assertTrue(said.err().contains("\"many\": it must be a whole number from 1 to 1000"), said.err());
        assertFalse(said.err().contains("\tat "), said.err());
    }

    @Test
    void aPasswordInAUrlIsNotShown() {
        Said said = run(with("VIBE_SERVER_URL", "https://me:s3cr3t@example.com"));
        assertEquals(78, said.code());
        assertTrue(said.err().contains("VIBE_SERVER_URL is \"https://********@example.com\""), said.err());
        assertFalse(said.err().contains("s3cr3t"), said.err());
    }

    /** Where two variables are mixed up, or a token is put into a URL's query. */
    @Test
    void aSecretInAnotherSettingIsNotShown() {
        Map<String, String> mixed = new HashMap<>(with("VIBE_AUTH_TOKEN", "s3cr3t-t0ken"));
        mixed.put("VIBE_SERVER_URL", "s3cr3t-t0ken");
        mixed.put("ANTHROPIC_API_KEY", "sk-ant-k3y");
        mixed.put("VIBE_CLAUDE_ARGS", "--api-key \"sk-ant-k3y");
        Said said = run(mixed);
        assertEquals(78, said.code());
        assertTrue(said.err().contains("VIBE_SERVER_URL is \"********\""), said.err());
        assertTrue(said.err().contains("VIBE_CLAUDE_ARGS is \"--api-key \"********\""), said.err());
        assertFalse(said.err().contains("s3cr3t") || said.err().contains("sk-ant-k3y"), said.err());
        Said query = run(with("VIBE_SERVER_URL", "https://example.com/x?token=an0ther"));
        assertTrue(query.err().contains("VIBE_SERVER_URL is \"https://example.com/x?********\""), query.err());
    }

    @Test
    void aWrongTokenIsNotShown() {
        Said said = run(with("VIBE_AUTH_TOKEN", "abc\u0001def"));
        assertEquals(78, said.code());
        assertTrue(said.err().contains("VIBE_AUTH_TOKEN is ********"), said.err());
        assertFalse(said.err().contains("abc"), said.err());
    }

    @Test
    void theTokenMayComeFromAFile(@TempDir Path directory) throws Exception {
        Path file = Files.writeString(directory.resolve("token"), "from-file\n");
        Map<String, String> environment = with("VIBE_AUTH_TOKEN", "", "VIBE_AUTH_TOKEN_FILE", file.toString());
        assertEquals("from-file", RunnerSettings.from(environment).token().value());
        Files.writeString(file, "\uFEFFfrom-an-editor\r\n");
        assertEquals("from-an-editor", RunnerSettings.from(environment).token().value());
        environment.put("VIBE_AUTH_TOKEN_FILE", directory.resolve("missing").toString());
        InvalidSettingsException wrong =
                assertThrows(InvalidSettingsException.class, () -> RunnerSettings.from(environment));
        assertTrue(String.valueOf(wrong.getMessage()).contains("cannot be read"), wrong.getMessage());
    }

    @Test
    void theSandboxGivesTheEndpointItsName() throws Exception {
        assertEquals(
                "e2b-abc", RunnerSettings.from(with("E2B_SANDBOX_ID", "abc")).endpointId());
    }

    @Test
    void optionsAnswerAndExit() {
        Said version = run(Map.of(), "--version");
        assertEquals(0, version.code());
        assertTrue(version.out().matches("vibe-runner \\d+\\.\\d+\\.\\d+\\R"), version.out());
        Said help = run(Map.of(), "--help");
        assertEquals(0, help.code());
        SettingsTable.ALL.forEach(setting -> assertTrue(help.out().contains(setting.name()), setting.name()));
        Said config = run(MINIMUM, "--print-config");
        assertEquals(0, config.code());
        assertTrue(config.out().contains("VIBE_AUTH_TOKEN=********"), config.out());
        assertFalse(config.out().contains("s3cr3t"), config.out());
        Said nonsense = run(MINIMUM, "--frobnicate");
        assertEquals(64, nonsense.code());
        assertTrue(nonsense.err().contains("--frobnicate"), nonsense.err());
    }

    @Test
    void theSettingsInForceAreShownAlsoWhereSomeAreWrong(@TempDir Path home) {
        Said config = run(Map.of("HOME", home.toString(), "MAX_CONCURRENT_SESSIONS", "many"), "--print-config");
        assertEquals(78, config.code());
        List<String> lines = config.out().lines().toList();
        assertEquals(SettingsTable.ALL.size(), lines.size(), config.out());
        String directory = Files.isDirectory(Path.of("/home/user")) ? "/home/user" : home.toString();
        for (String line : List.of(
                "VIBE_SERVER_URL=   (not set)",
                "VIBE_AUTH_TOKEN=   (not set)",
                "MAX_CONCURRENT_SESSIONS=many",
                "VIBE_CLAUDE_ARGS=none   (default)",
                "VIBE_WORKING_DIR=" + directory + "   (default)",
                "VIBE_STATE_DIR=" + home + "/.local/state/vibe-runner   (default)",
                "VIBE_LOG_FILE=" + home + "/.local/state/vibe-runner/runner.log   (default)")) {
            assertTrue(lines.contains(line), () -> line + " is not in " + config.out());
        }
        assertTrue(config.err().startsWith("vibe-runner: 3 settings are wrong"), config.err());
    }

    @Test
    void theTransportAndTheNameInForceAreShown() {
        Said config = run(
                with("VIBE_SERVER_URL", "wss://vibe.example.com", "E2B_SANDBOX_ID", "abc", "VIBE_STATE_DIR", "/s"),
                "--print-config");
        assertEquals(0, config.code(), config.err());
        for (String line :
                List.of("VIBE_TRANSPORT=websocket", "VIBE_ENDPOINT_ID=e2b-abc", "VIBE_LOG_FILE=/s/runner.log")) {
            assertTrue(config.out().contains(line + "   (default)\n"), () -> line + " is not in " + config.out());
        }
    }

    @Test
    void settingsNeverShowTheTokenAsText() throws Exception {
        assertFalse(RunnerSettings.from(MINIMUM).token().toString().contains("s3cr3t"));
    }

    @Test
    void aMistypedVariableIsPointedOut() {
        List<String> strange = StrangeSettings.in(with("VIBE_HEARTBEAT_SECS", "3", "VIBE_SESSION_ID", "s"));
        assertEquals(1, strange.size());
        assertEquals(
                "VIBE_HEARTBEAT_SECS is set, but this runner has no such setting; did you mean VIBE_HEARTBEAT_SECONDS?",
                strange.getFirst());
    }

    @Test
    void aMistypedVariableIsPointedOutWhereItsSettingIsMissing() {
        Said said = run(Map.of("VIBE_AUTH_TOKEN", "t", "VIBE_SERVER_UR", "http://x"));
        assertEquals(78, said.code());
        assertTrue(said.err().contains("\nVIBE_SERVER_UR is set,"), said.err());
        assertTrue(said.err().contains("did you mean VIBE_SERVER_URL?"), said.err());
    }

    @ParameterizedTest
    @CsvSource({
        "VIBE_MAX_LINE, VIBE_MAX_LINE_BYTES",
        "VIBE_SERVER_UR, VIBE_SERVER_URL",
        "VIBE_LOGLEVEL, VIBE_LOG_LEVEL",
        "VIBE_HTTP_PROT, VIBE_HTTP_PORT",
        "VIBE_COLOUR,"
    })
    void theNearestNameIsTheOneThatWasMeant(String mistyped, @Nullable String meant) {
        List<String> names = SettingsTable.ALL.stream().map(Setting::name).toList();
        assertEquals(Optional.ofNullable(meant), NearestName.of(mistyped, names));
    }

    @Test
    void theReadmesTableIsTrue() throws IOException {
        String readme = Files.readString(Path.of(System.getProperty("vibe.root"), "README.md"));
        for (Setting<?> setting : SettingsTable.ALL) {
            String row = SettingsReadme.row(setting);
            assertTrue(readme.contains(row), () -> "README.md lacks this row:\n" + row);
        }
    }
}
