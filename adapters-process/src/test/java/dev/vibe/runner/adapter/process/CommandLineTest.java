package dev.vibe.runner.adapter.process;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CommandLineTest {
    private static final Path DIRECTORY = Path.of("/home/user");

    @Test
    void claudeIsStartedForAStreamOfMessages() {
        assertEquals(
                List.of(
                        "/c",
                        "--print",
                        "--input-format",
                        "stream-json",
                        "--output-format",
                        "stream-json",
                        "--verbose",
                        "--session-id",
                        "id",
                        "--dangerously-skip-permissions",
                        "--model",
                        "m"),
                claude(settings(PermissionMode.BYPASS, false)).command(Path.of("/c"), "--session-id", "id"));
        assertEquals(
                List.of(
                        "/c",
                        "--print",
                        "--input-format",
                        "stream-json",
                        "--output-format",
                        "stream-json",
                        "--verbose",
                        "--session-id",
                        "id",
                        "--permission-prompt-tool",
                        "stdio",
                        "--include-partial-messages",
                        "--model",
                        "m"),
                claude(settings(PermissionMode.PROMPT, true)).command(Path.of("/c"), "--session-id", "id"));
    }

    @ParameterizedTest
    @CsvSource({
        "BYPASS, true,  ,    1",
        "BYPASS, true,  yes, 1",
        "BYPASS, true,  0,   0",
        "BYPASS, false, yes, yes",
        "BYPASS, false, ,    ",
        "PROMPT, true,  ,    "
    })
    void claudeIsToldOfTheSandboxWhereRootSkipsPermissions(
            PermissionMode mode,
            boolean root,
            @org.jspecify.annotations.Nullable String before,
            @org.jspecify.annotations.Nullable String after) {
        Map<String, String> environment = new HashMap<>();
        if (before != null) {
            environment.put("IS_SANDBOX", before);
        }
        Map<String, String> result = claude(settings(mode, false)).environment(environment, root);
        assertEquals(after, result.get("IS_SANDBOX"));
        assertEquals("1", result.get("DISABLE_AUTOUPDATER"));
    }

    @Test
    void codexIsStartedAsAServerWithoutPlugins() {
        ProcessSettings settings = settings(PermissionMode.BYPASS, false);
        CodexAgent codex = new CodexAgent(settings, launcher(settings));
        assertEquals(List.of("/x", "app-server", "--disable", "plugins", "-c", "a=1"), codex.command(Path.of("/x")));
    }

    @ParameterizedTest
    @CsvSource({"BYPASS, false, never, 10", "PROMPT, true, untrusted, 1"})
    void codexIsToldWhatTheSettingsSay(PermissionMode mode, boolean partial, String policy, int optedOut)
            throws Exception {
        FakeHost host = new FakeHost();
        CodexDialect dialect = new CodexDialect(host, DIRECTORY, settings(mode, partial), null, List.of());
        dialect.begin();
        var initialize = host.last();
        assertEquals(
                optedOut,
                initialize
                        .path("params")
                        .path("capabilities")
                        .path("optOutNotificationMethods")
                        .size());
        dialect.heard("{\"id\":\"" + initialize.path("id").asText() + "\",\"result\":{}}");
        assertEquals("thread/start", host.last().path("method").asText());
        assertEquals(
                Json.read("{\"cwd\":\"/home/user\",\"approvalPolicy\":\"" + policy
                        + "\",\"sandbox\":\"danger-full-access\"}"),
                host.last().path("params"));
        String delta = "{\"method\":\"item/agentMessage/delta\",\"params\":{}}";
        assertEquals(partial ? delta : null, dialect.heard(delta));
    }

    private static ClaudeAgent claude(ProcessSettings settings) {
        return new ClaudeAgent(settings, launcher(settings));
    }

    private static Launcher launcher(ProcessSettings settings) {
        return new Launcher(settings, new ProcessTable(new ProcFs()));
    }

    private static ProcessSettings settings(PermissionMode mode, boolean partial) {
        return new ProcessSettings(
                Map.of(),
                Set.of(),
                DIRECTORY,
                null,
                mode,
                partial,
                Integer.MAX_VALUE,
                () -> 900_000,
                "1",
                () -> {},
                new AgentCommand(null, List.of("--model", "m")),
                new AgentCommand(null, List.of("-c", "a=1")));
    }
}
