package dev.vibe.runner.adapter.process;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.vibe.runner.application.port.out.SessionRequest;
import dev.vibe.runner.domain.EndpointId;
import dev.vibe.runner.domain.SessionId;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AgentEnvironmentTest {
    private static final SessionRequest REQUEST =
            new SessionRequest(new SessionId("session 1"), new EndpointId("e2b-1"), null);

    @Test
    void whatTheUserMeantForTheAgentPasses() {
        Map<String, String> meant = Map.ofEntries(
                Map.entry("PATH", "/usr/bin"),
                Map.entry("HOME", "/home/user"),
                Map.entry("LANG", "C.UTF-8"),
                Map.entry("HTTPS_PROXY", "http://proxy"),
                Map.entry("ANTHROPIC_API_KEY", "key"),
                Map.entry("OPENAI_API_KEY", "key"),
                Map.entry("CLAUDE_CODE_OAUTH_TOKEN", "token"),
                Map.entry("CLAUDE_CODE_MAX_RETRIES", "2"),
                Map.entry("CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC", "1"),
                Map.entry("CLAUDE_CONFIG_DIR", "/c"),
                Map.entry("CODEX_HOME", "/x"),
                Map.entry("npm_config_prefix", "/p"),
                Map.entry("npm_config_cache", "/home/user/.npm"),
                Map.entry("NODE", "/usr/bin/node"),
                Map.entry("EDITOR", "vi"),
                Map.entry("COLOR", "1"),
                Map.entry("MULTI", "a\nb"),
                Map.entry("EMPTY", ""));
        Map<String, String> expected = new HashMap<>(meant);
        expected.put("VIBE_SESSION_ID", "session 1");
        expected.put("VIBE_ENDPOINT_ID", "e2b-1");
        assertEquals(expected, new AgentEnvironment(meant, Set.of()).forSession(REQUEST));
    }

    @Test
    void whatIsTheRunnersStaysHere() {
        Map<String, String> runners = Map.ofEntries(
                Map.entry("VIBE_AUTH_TOKEN", "secret"),
                Map.entry("VIBE_SERVER_URL", "http://x"),
                Map.entry("VIBE_RUNNER_MARK", "outer"),
                Map.entry("VIBE_SESSION_ID", "outer"),
                Map.entry("MAX_CONCURRENT_SESSIONS", "3"),
                Map.entry("MY_SECRET", "named by a setting"),
                Map.entry("CLAUDECODE", "1"),
                Map.entry("CLAUDE_CODE_ENTRYPOINT", "cli"),
                Map.entry("CLAUDE_CODE_SSE_PORT", "1"),
                Map.entry("CLAUDE_CODE_CHILD_SESSION", "1"),
                Map.entry("CODEX_THREAD_ID", "1"),
                Map.entry("npm_lifecycle_event", "start"),
                Map.entry("npm_package_json", "/x"),
                Map.entry("npm_execpath", "/x"),
                Map.entry("npm_node_execpath", "/x"),
                Map.entry("npm_command", "run"),
                Map.entry("INIT_CWD", "/x"));
        assertEquals(
                Map.of("VIBE_SESSION_ID", "session 1", "VIBE_ENDPOINT_ID", "e2b-1"),
                new AgentEnvironment(runners, Set.of("MY_SECRET")).forSession(REQUEST));
    }

    @Test
    void whatTheLauncherDidToTheLocaleIsUndone() {
        Map<String, String> given = Map.of("LC_ALL", "C", "LANG", "de_DE.UTF-8");
        Map<String, String> none = Map.of("LC_ALL", "C.UTF-8", "VIBE_RUNNER_LC_ALL", "", "LANG", "de_DE.UTF-8");
        Map<String, String> other = Map.of("LC_ALL", "C.UTF-8", "VIBE_RUNNER_LC_ALL", "C", "LANG", "de_DE.UTF-8");
        assertEquals(Map.of("LANG", "de_DE.UTF-8"), new AgentEnvironment(none, Set.of()).base());
        assertEquals(given, new AgentEnvironment(other, Set.of()).base());
        assertEquals(given, new AgentEnvironment(given, Set.of()).base());
    }

    @Test
    void whatTheLauncherKeptFromTheRunnersJavaIsTheAgents() {
        Map<String, String> kept = Map.of(
                "VIBE_RUNNER_JAVA_TOOL_OPTIONS", "-javaagent:x.jar",
                "VIBE_RUNNER_JDK_JAVA_OPTIONS", "-Da=b",
                "VIBE_RUNNER__JAVA_OPTIONS", "-Xmx1g");
        assertEquals(
                Map.of("JAVA_TOOL_OPTIONS", "-javaagent:x.jar", "JDK_JAVA_OPTIONS", "-Da=b"),
                new AgentEnvironment(kept, Set.of("_JAVA_OPTIONS")).base());
    }

    @Test
    void anIdOfAnyShapeFitsIntoAnEnvironment() {
        SessionRequest odd = new SessionRequest(new SessionId("a\0b\nc;$(x)"), new EndpointId("e=\0"), null);
        assertEquals(
                Map.of("VIBE_SESSION_ID", "a\uFFFDb\nc;$(x)", "VIBE_ENDPOINT_ID", "e=\uFFFD"),
                new AgentEnvironment(Map.of(), Set.of()).forSession(odd));
    }
}
