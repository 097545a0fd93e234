package dev.vibe.runner.e2b;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.vibe.runner.testkit.talk.Agent;
import dev.vibe.runner.testkit.talk.Conversation;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The template, built from what the build script sends, and run as a host runs it. */
@Timeout(150)
class SandboxTest {
    @BeforeAll
    @Timeout(600)
    static void image() throws Exception {
        Containers.require();
        var unused = TemplateImage.name();
    }

    @Test
    void allOfItBelongsToTheUserAndTheAgentsAreThePinnedOnes() throws Exception {
        try (Sandbox sandbox = Sandbox.open()) {
            assertEquals("", sandbox.root("find " + Sandbox.APP + " ! -user user -o ! -group user"));
            assertEquals("", sandbox.root("find " + Sandbox.APP + " ! -type l -perm /022"));
            assertEquals(
                    "755 755 644\n",
                    sandbox.user("cd app && echo $(stat -c %a bin/vibe-runner jre/bin/java package.json)"));
            assertEquals("2.1.197 (Claude Code)\n", sandbox.user("claude --version"));
            assertEquals("codex-cli 0.169.0\n", sandbox.user("codex --version"));
            assertTrue(
                    sandbox.user("git --version; rg --version; sudo -n id -u").contains("\n0\n"));
            assertEquals("no java\n", sandbox.user("command -v java || echo no java"));
        }
    }

    @Test
    void theAheadOfTimeCacheIsUsedThere() throws Exception {
        try (Sandbox sandbox = Sandbox.open()) {
            var unused = sandbox.user(
                    "VIBE_RUNNER_JAVA_OPTS=-Xlog:class+load:file=/tmp/classes app/bin/vibe-runner --version");
            int cached = count(sandbox, "grep -c 'dev.vibe.*shared objects file' /tmp/classes || true");
            int all = count(sandbox, "grep -c ' dev.vibe' /tmp/classes || true");
            assertTrue(all > 20, () -> "classes of the runner: " + all);
            assertTrue(cached >= all * 9 / 10, () -> cached + " of " + all + " came from the cache");
        }
    }

    @Test
    void npmStartConnectsServesBothAgentsAndEndsOnSigterm() throws Exception {
        try (Sandbox sandbox = Sandbox.open()) {
            sandbox.npmStart(Map.of());
            Conversation claude = sandbox.conversation(Agent.CLAUDE);
            Conversation codex = sandbox.conversation(Agent.CODEX);
            for (Conversation session : new Conversation[] {claude, codex}) {
                session.start(Map.of("initialMessage", "[TOOL:pwd; id -un]"));
                String words = session.awaitTurn().words();
                assertTrue(words.contains("/home/user"), words);
                assertTrue(session.turn("again").words().startsWith("echo: again"));
            }

            sandbox.root("kill -TERM " + sandbox.npm());

            assertEquals(
                    "shutdown",
                    claude.awaitEvent("session:ended").path("reason").asText());
            assertEquals(
                    "shutdown", codex.awaitEvent("session:ended").path("reason").asText());
            var unused = sandbox.server.awaitEvent("endpoint:unregister", Sandbox.SOON);
            sandbox.awaitExit("0");
            assertEquals("", sandbox.processes());
        }
    }

    @Test
    void theRunnerGoesOnAfterNpmWasKilledAndItsPipesAreGone() throws Exception {
        try (Sandbox sandbox = Sandbox.open()) {
            sandbox.npmStart(Map.of());
            Conversation session = sandbox.conversation(Agent.CLAUDE);
            session.start(Map.of("initialMessage", "first"));
            var unused = session.awaitTurn();

            sandbox.endOfDeadline();

            assertTrue(session.turn("second").words().startsWith("echo: second"));
            String left = sandbox.processes();
            assertFalse(left.contains("npm start"), left);
            String logged = sandbox.log();
            Conversation next = sandbox.conversation(Agent.CODEX);
            next.start(Map.of("initialMessage", "third"));
            assertTrue(next.awaitTurn().words().startsWith("echo: third"));
            assertTrue(sandbox.log().length() > logged.length(), "it does not log any more");
            sandbox.user("pkill -TERM -f '^" + Sandbox.APP + "/jre/bin/java'");
            assertEquals(
                    "shutdown",
                    session.awaitEvent("session:ended").path("reason").asText());
        }
    }

    @Test
    void theRunnerComesBackAfterItsJvmWasKilled() throws Exception {
        try (Sandbox sandbox = Sandbox.open()) {
            sandbox.npmStart(Map.of());
            Conversation session = sandbox.conversation(Agent.CLAUDE);
            session.start(Map.of("initialMessage", "first"));
            String first = session.awaitTurn().words();

            sandbox.root("kill -9 " + sandbox.java());
            var unused = sandbox.awaitRegistration();

            String second = session.turn("second").words();
            assertTrue(second.startsWith("echo: second"), second);
            assertTrue(messages(second) > messages(first), first + ", then " + second);
        }
    }

    /** E2B freezes a paused sandbox; meanwhile the server gives the connection up. */
    @Test
    void aPauseOfAMinuteInMidTurnLosesNothing() throws Exception {
        try (Sandbox sandbox = Sandbox.open(0, Map.of("pingInterval", 5_000, "pingTimeout", 10_000))) {
            sandbox.npmStart(Map.of("VIBE_PARTIAL_MESSAGES", "true"));
            Conversation session = sandbox.conversation(Agent.CLAUDE);
            session.start(Map.of("initialMessage", "[SLOW:60:100]"));
            var unused = session.awaitMessage(Agent.CLAUDE::partial);

            sandbox.pause();
            Thread.sleep(60_000);
            sandbox.unpause();

            long registered = sandbox.awaitRegistration();
            assertTrue(registered < 3_000, () -> "registered again after " + registered + " ms");
            String words = session.awaitTurn().words();
            assertTrue(words.startsWith("w0 ") && words.endsWith("w58 w59 "), words);
            JsonNode counts = sandbox.server.counts(session.id());
            assertEquals(0, counts.path("gaps").asInt(), counts::toString);
            assertEquals(0, counts.path("first").asInt(), counts::toString);
            assertTrue(session.turn("after").words().startsWith("echo: after"));
        }
    }

    @Test
    void halfAGigabyteIsEnoughForAnAgentAndMoreIsSaidToBeTooMuch() throws Exception {
        try (Sandbox sandbox = Sandbox.open(512, Map.of())) {
            sandbox.write("/usr/local/bin/greedy", """
                    #!/bin/sh
                    read -r line
                    id=${line##*'"request_id":"'}
                    id=${id%%'"'*}
                    printf '%s\\n' '{"type":"control_response","response":{"subtype":"success","request_id":"'"$id"'","response":{}}}'
                    read -r line
                    exec node -e 'const all = []; for (;;) all.push(Buffer.alloc(1 << 22, 1))'
                    """, 0755);
            sandbox.npmStart(Map.of());
            Conversation real = sandbox.conversation(Agent.CLAUDE);
            real.start(Map.of("initialMessage", "[TOOL:git init -q repository && ls -a repository]"));
            assertTrue(real.awaitTurn().words().contains(".git"));
            assertTrue(real.turn("second").words().startsWith("echo: second"));
            sandbox.root("kill -TERM " + sandbox.npm());
            sandbox.awaitExit("0");

            sandbox.root("rm /tmp/command.log");
            sandbox.npmStart(Map.of("VIBE_CLAUDE_PATH", "/usr/local/bin/greedy"));
            String java = sandbox.java();
            Conversation greedy = sandbox.conversation(Agent.CLAUDE);
            greedy.start(Map.of("initialMessage", "eat"));

            String error = greedy.awaitEvent("session:error").path("error").asText();
            assertTrue(error.startsWith("claude was killed because the sandbox ran out of memory"), error);
            assertTrue(error.contains("MAX_CONCURRENT_SESSIONS"), error);
            assertEquals(java, sandbox.java());
            Conversation next = sandbox.conversation(Agent.CODEX);
            next.start(Map.of("initialMessage", "next"));
            assertTrue(next.awaitTurn().words().startsWith("echo: next"));
        }
    }

    private static int count(Sandbox sandbox, String command) throws Exception {
        return Integer.parseInt(sandbox.user(command).strip());
    }

    private static int messages(String echo) {
        return Integer.parseInt(echo.replaceAll(".*messages=(\\d+).*", "$1"));
    }
}
