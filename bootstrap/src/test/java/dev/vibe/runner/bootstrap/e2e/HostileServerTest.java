package dev.vibe.runner.bootstrap.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.vibe.runner.testkit.NodeServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A server, or whoever speaks in its name, that sends what it should not. The same process goes on as if nothing had been. */
@Timeout(240)
class HostileServerTest {
    private static final Duration SOON = Duration.ofSeconds(90);
    private static final int MAX_MESSAGE = 8 * 1024 * 1024;
    /** With a heap of 96 MB. */
    private static final long MOST_RSS_KB = 260_000;

    private static final long MOST_LOG_BYTES = 1_000_000;

    @Test
    void randomFramesChangeNothing() throws Exception {
        try (Scene scene = new Scene()) {
            for (int seed = 1; seed <= 5; seed++) {
                scene.server.run("fuzz", Map.of("seed", seed, "count", 4_000));
                scene.goodSession("after-fuzz-" + seed);
            }
            scene.assertUnharmed();
        }
    }

    @Test
    void stormsOfCommandsChangeNothing() throws Exception {
        try (Scene scene = new Scene()) {
            scene.server.run(
                    "storm",
                    Map.of(
                            "name",
                            "message:send",
                            "prefix",
                            "u",
                            "count",
                            100_000,
                            "payload",
                            Map.of("message", "hi")));
            scene.server.run("storm", Map.of("name", "session:stop", "prefix", "v", "count", 20_000));
            scene.server.run(
                    "storm",
                    Map.of(
                            "name",
                            "session:start",
                            "prefix",
                            "w",
                            "count",
                            20_000,
                            "payload",
                            Map.of("agentType", "claude", "workingDirectory", "/no/such")));
            scene.server.run(
                    "storm",
                    Map.of(
                            "name",
                            "session:start",
                            "prefix",
                            "x",
                            "count",
                            20_000,
                            "payload",
                            Map.of("agentType", "x".repeat(300))));
            scene.server.run("storm", Map.of("name", "message:send", "prefix", "y", "count", 20_000));
            scene.goodSession("after-storm");
            scene.assertUnharmed();
        }
    }

    @Test
    void hugeMessagesChangeNothing() throws Exception {
        try (Scene scene = new Scene()) {
            String deaf = scene.start("deaf");
            scene.say(deaf, "be deaf");
            for (int i = 0; i < 5; i++) {
                scene.say(deaf, "x".repeat(MAX_MESSAGE - 1_000));
                scene.say("nobody", "é".repeat(MAX_MESSAGE / 2));
            }
            String error = scene.server
                    .awaitEvent(
                            "session:error", of -> of.path("sessionId").asText().equals(deaf), SOON)
                    .path("error")
                    .asText();
            assertTrue(error.contains("does not read its input"), error);
            scene.server.begin("raw", Map.of("text", "x".repeat(1_000_000), "repeat", 100));
            scene.server.awaitEvent("endpoint:register", SOON);
            String large = scene.start("large");
            scene.say(large, "x".repeat(MAX_MESSAGE - 1_000));
            assertEquals("done", scene.answer(large));
            scene.assertUnharmed();
        }
    }

    @Test
    void hugeErrorsChangeNothing() throws Exception {
        try (Scene scene = new Scene()) {
            for (int i = 0; i < 20; i++) {
                scene.server.emit("error", Map.of("message", i + " " + "no ".repeat(MAX_MESSAGE / 3 - 1_000)));
            }
            scene.goodSession("after-errors");
            scene.assertUnharmed();
        }
    }

    /** A parser that keeps each name it has met keeps all of these. */
    @Test
    void namesOfFieldsThatAreLongAndManyChangeNothing() throws Exception {
        try (Scene scene = new Scene()) {
            for (int i = 0; i < 20; i++) {
                scene.server.emit("message:send", names(i));
            }
            String session = scene.start("of many names");
            scene.say(session, "name");
            scene.server.awaitEvent(
                    "message:from-claude", of -> of.at("/message/said").asText().equals("done"), SOON);
            scene.goodSession("after-names");
            scene.assertUnharmed();
        }
    }

    /** 8 MB. */
    private static Map<String, Object> names(int round) {
        Map<String, Object> payload = new TreeMap<>(Map.of("sessionId", "nobody", "message", "hello"));
        for (int i = 0; i < 160; i++) {
            payload.put(round + "-" + i + "x".repeat(49_900), 1);
        }
        return payload;
    }

    /** Each of these values is 84 bytes as an object, and 3 as text. */
    @Test
    void messagesOfManySmallValuesChangeNothing() throws Exception {
        String many = "[" + "{},".repeat(MAX_MESSAGE / 3 - 1_000) + "{}]";
        try (Scene scene = new Scene()) {
            for (int i = 0; i < 3; i++) {
                scene.server.run(
                        "raw",
                        Map.of(
                                "text",
                                "42[\"message:send\",{\"sessionId\":\"many-" + i + "\",\"message\":" + many + "}]"));
                scene.of("session:error", "many-" + i);
            }
            scene.goodSession("after-many");
            scene.assertUnharmed();
        }
    }

    /** An attachment is taken out of a text by copying it. */
    @Test
    void hugeEventsWithAttachmentsChangeNothing() throws Exception {
        String event = "451-[\"message:send\",{\"sessionId\":\"nobody\",\"message\":\"\u20ac" + "x".repeat(MAX_MESSAGE)
                + "\",\"with\":{\"_placeholder\":true,\"num\":0}}]";
        try (Scene scene = new Scene()) {
            for (int i = 0; i < 3; i++) {
                scene.server.run("raw", Map.of("text", event));
                scene.server.run("rawBinary", Map.of("bytes", List.of(1)));
                scene.goodSession("after-attachment-" + i);
            }
            scene.assertUnharmed();
        }
    }

    /** Java keeps these in twice the memory. */
    @Test
    void hugeMessagesOfWideCharactersChangeNothing() throws Exception {
        try (Scene scene = new Scene()) {
            String session = scene.start("wide");
            scene.say(session, "\u20ac" + "x".repeat(MAX_MESSAGE - 1_000));
            scene.of("message:from-claude", session);
            for (int i = 0; i < 3; i++) {
                scene.say(session, "\u20ac" + "x".repeat(MAX_MESSAGE / 2 - 1_000));
                assertEquals("done", scene.answer(session));
            }
            scene.assertUnharmed();
        }
    }

    /** A runner with room for three sessions of a shell that passes for Claude Code. */
    private static final class Scene implements AutoCloseable {
        private static final String AGENT = """
                while read -r line; do
                  case $line in
                    *"be deaf"*) sleep 1000 ;;
                    *'"name"'*)
                      x=$(printf %049900d 0)
                      for i in $(seq 150); do
                        printf '{"type":"control_request"'
                        for j in $(seq 18); do printf ',"%s-%s-%s":1' "$i" "$j" "$x"; done
                        echo '}'
                      done
                      result done ;;
                    *) result done ;;
                  esac
                done
                """;
        final Unprivileged user = Unprivileged.open();
        final NodeServer server = NodeServer.start(Map.of("token", "t-o-k-e-n", "quiet", false));
        final RunnerProcess runner;
        private final long java;
        private final long threads;

        Scene() throws IOException, InterruptedException {
            Map<String, String> environment = user.environment(server, "t-o-k-e-n");
            environment.put("MAX_CONCURRENT_SESSIONS", "3");
            environment.put("VIBE_RECONNECT_MIN_MS", "20");
            environment.put("VIBE_RECONNECT_MAX_MS", "200");
            environment.put(
                    "VIBE_CLAUDE_PATH",
                    user.program("claude", ShellAgent.program(AGENT)).toString());
            runner = user.start(environment);
            server.awaitEvent("endpoint:register", SOON);
            goodSession("first");
            java = runner.java();
            threads = status("Threads");
        }

        String start(String session) throws InterruptedException {
            server.emit("session:start", Map.of("sessionId", session, "agentType", "claude"));
            of("session:started", session);
            return session;
        }

        void say(String session, String message) throws InterruptedException {
            server.emit("message:send", Map.of("sessionId", session, "message", message));
        }

        String answer(String session) throws InterruptedException {
            return of("message:from-claude", session).at("/message/said").asText();
        }

        void goodSession(String session) throws InterruptedException {
            start(session);
            say(session, "hello");
            assertEquals("done", answer(session));
            server.emit("session:stop", Map.of("sessionId", session));
            of("session:ended", session);
        }

        private JsonNode of(String event, String session) throws InterruptedException {
            return server.awaitEvent(
                    event, payload -> payload.path("sessionId").asText().equals(session), SOON);
        }

        void assertUnharmed() throws IOException {
            assertEquals(java, runner.java(), "the runner died and was started again: " + runner.log());
            assertTrue(status("Threads") <= threads + 20, "threads: " + threads + " before, now " + status("Threads"));
            System.out.println(
                    "after hostile input: " + status("VmRSS") + " kB RSS, " + status("Threads") + " threads");
            assertTrue(status("VmRSS") < MOST_RSS_KB, "RSS is " + status("VmRSS") + " kB");
            long log = runner.log().length();
            assertTrue(log < MOST_LOG_BYTES, "the log has " + log + " characters");
        }

        private long status(String field) throws IOException {
            return Files.readAllLines(Path.of("/proc/" + java + "/status")).stream()
                    .filter(line -> line.startsWith(field + ":"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                    .findFirst()
                    .orElseThrow();
        }

        @Override
        public void close() throws IOException {
            runner.close();
            server.close();
            user.close();
        }
    }
}
