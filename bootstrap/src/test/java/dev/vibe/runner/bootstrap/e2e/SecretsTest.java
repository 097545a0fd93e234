package dev.vibe.runner.bootstrap.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.vibe.runner.testkit.NodeServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An agent that runs as the runner's own user looks for the runner's secrets everywhere it can. */
@Timeout(180)
class SecretsTest {
    private static final Duration SOON = Duration.ofSeconds(60);
    /** Another word in each run: a checkout below the temp directory holds this file. */
    private static final String CHANCE =
            HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());

    private static final String WORD = "sesame" + CHANCE;
    private static final String TOKEN = WORD + "-open";
    private static final String PRIVATE = WORD + "-door";
    /** Finds both, and not itself. */
    private static final String PATTERN = "[s]esame" + CHANCE;

    /** Prints what it finds; the last line is proof that it looked at all. */
    private static final String SEARCH = """
            for p in /proc/[0-9]*; do
              for f in environ cmdline task/*/environ; do
                grep -aq 'PATTERN' $p/$f 2>/dev/null && echo "FOUND in $p/$f of $(tr '\\0' ' ' <$p/cmdline)"
              done
            done
            env | grep 'PATTERN' && echo "FOUND in its own environment"
            { grep -rla 'PATTERN' STATE; find /tmp -xdev -type f -user "$(id -u)" -exec grep -la 'PATTERN' {} +; } \
              2>/dev/null | sed 's/^/FOUND in /'
            for p in RUNNERS; do
              for f in environ maps mem smaps auxv fd/0 fd/3; do
                head -c 1 /proc/$p/$f >/dev/null 2>&1 && echo "FOUND open: /proc/$p/$f"
              done
              ls /proc/$p/fd /proc/$p/map_files >/dev/null 2>&1 && echo "FOUND open: /proc/$p/fd"
              ls /proc/$p/task >/dev/null || echo "FOUND no process $p"
            done
            grep -q HOME= /proc/self/environ && echo looked
            """;

    @Test
    void noneOfThemIsWithinReachOfAnAgent() throws Exception {
        try (Unprivileged user = Unprivileged.open();
                NodeServer server = NodeServer.start(Map.of("token", TOKEN));
                RunnerProcess runner = user.start(environment(user, server))) {
            server.awaitEvent("endpoint:register", SOON);
            String watched = session(server, 0);
            Path hits = user.home.resolve("hits");
            Process watch = watch(user, hits);
            for (int i = 1; i <= 100; i++) {
                String session = session(server, i);
                server.emit("session:stop", Map.of("sessionId", session));
                ended(server, session);
            }
            assertTrue(watch.isAlive());
            watch.destroyForcibly().waitFor();
            assertEquals("", Files.readString(hits), "seen while processes were being started");

            Path search = user.program("search", search(user, runner));
            assertEquals("looked", asUser(user, List.of("sh", search.toString())));
            server.emit("message:send", Map.of("sessionId", watched, "message", "search"));
            JsonNode said = server.awaitEvent("message:from-claude", SOON).path("message");
            assertEquals("looked", said.path("said").asText(), said::toString);
            assertFalse(Files.readString(user.home.resolve("runner.log")).contains(WORD));
            assertPrivate(user.home.resolve("state"));
        }
    }

    @Test
    void aLauncherThatCannotHideSaysSo() throws Exception {
        try (Unprivileged user = Unprivileged.open();
                NodeServer server = NodeServer.start(Map.of("token", TOKEN))) {
            Map<String, String> environment = environment(user, server);
            environment.put("VIBE_STATE_DIR", "/proc/none");
            try (RunnerProcess runner = user.start(environment)) {
                server.awaitEvent("endpoint:register", SOON);
                assertTrue(runner.log().contains("agents may read the token"), runner.log());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"%s\n", "%s\r\n", "\n%s \n\n"})
    void aTokenWithEndsOfLinesAroundItIsHiddenAsAnyOther(String file) throws Exception {
        try (Unprivileged user = Unprivileged.open();
                NodeServer server = NodeServer.start(Map.of("token", TOKEN))) {
            Map<String, String> environment = environment(user, server);
            environment.put("VIBE_AUTH_TOKEN", file.formatted(TOKEN));
            try (RunnerProcess runner = user.start(environment)) {
                server.awaitEvent("endpoint:register", SOON);
                session(server, 0);
                Path search = user.program("search", search(user, runner));
                assertEquals("looked", asUser(user, List.of("sh", search.toString())));
            }
        }
    }

    @Test
    void aCrashReportHoldsNone() throws Exception {
        try (Unprivileged user = Unprivileged.open();
                NodeServer server = NodeServer.start(Map.of("token", TOKEN));
                RunnerProcess runner = user.start(environment(user, server))) {
            server.awaitEvent("endpoint:register", SOON);
            session(server, 0);
            long java = runner.java();
            new ProcessBuilder("kill", "-SEGV", Long.toString(java)).start().waitFor();
            // The launcher starts another, which registers.
            server.awaitEvent("endpoint:register", SOON);
            Path report = user.home.resolve("state/hs_err_" + java + ".log");
            String text = Files.readString(report, StandardCharsets.ISO_8859_1);
            assertTrue(text.contains("SIGSEGV"), text);
            assertFalse(text.contains(WORD), "the crash report holds a secret");
            assertFalse(runner.log().contains(WORD));
        }
    }

    private static Map<String, String> environment(Unprivileged user, NodeServer server) throws IOException {
        String body = """
                while read -r line; do
                  case $line in
                    *search*) result "$(sh %s/search)" ;;
                    *) result done ;;
                  esac
                done
                """.formatted(user.home);
        Map<String, String> environment = user.environment(server, TOKEN);
        environment.put("DOOR", PRIVATE);
        environment.put("VIBE_PRIVATE_ENV", "DOOR");
        environment.put("VIBE_LOG_LEVEL", "debug");
        environment.put("MAX_CONCURRENT_SESSIONS", "2");
        environment.put(
                "VIBE_CLAUDE_PATH",
                user.program("claude", ShellAgent.program(body)).toString());
        return environment;
    }

    private static String session(NodeServer server, int number) throws InterruptedException {
        String id = "s" + number;
        server.emit("session:start", Map.of("sessionId", id, "agentType", "claude"));
        server.awaitEvent(
                "session:started", payload -> payload.path("sessionId").asText().equals(id), SOON);
        return id;
    }

    private static void ended(NodeServer server, String id) throws InterruptedException {
        server.awaitEvent(
                "session:ended", payload -> payload.path("sessionId").asText().equals(id), SOON);
    }

    /** Looks at all processes of its user again and again: also at the JDK's helper, which lives for a moment. */
    private static Process watch(Unprivileged user, Path hits) throws IOException {
        String loop = "while :; do grep -al '%s' /proc/[0-9]*/environ /proc/[0-9]*/cmdline 2>/dev/null; done >%s"
                .formatted(PATTERN, hits);
        return new ProcessBuilder(user.as(List.of("sh", "-c", loop))).start();
    }

    private static String search(Unprivileged user, RunnerProcess runner) {
        String runners = runner.pid() + " " + runner.java();
        return SEARCH.replace("PATTERN", PATTERN)
                .replace("STATE", user.home.toString())
                .replace("RUNNERS", runners);
    }

    private static String asUser(Unprivileged user, List<String> command) throws Exception {
        Process process =
                new ProcessBuilder(user.as(command)).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(process.waitFor(30, TimeUnit.SECONDS));
        return said.strip();
    }

    private static void assertPrivate(Path state) throws IOException {
        try (Stream<Path> all = Files.walk(state)) {
            for (Path path : all.toList()) {
                String expected = Files.isDirectory(path) ? "rwx------" : "rw-------";
                assertEquals(
                        expected, PosixFilePermissions.toString(Files.getPosixFilePermissions(path)), path::toString);
            }
        }
    }
}
