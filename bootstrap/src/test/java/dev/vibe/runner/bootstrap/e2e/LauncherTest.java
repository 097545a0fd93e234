package dev.vibe.runner.bootstrap.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.vibe.runner.testkit.NodeServer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How the launcher is found, and what an agent is born with. */
@Timeout(60)
class LauncherTest {
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final String SESSION = "sitzung ö";

    /** Answers with one line of what it sees, text as hexadecimal bytes. */
    private static final String AGENT = ShellAgent.program("""
            hex() { printf %s "$1" | od -An -v -tx1 | tr -d ' \\n'; }
            ignored=$(sed -n 's/^SigIgn:[^0-9a-f]*//p' /proc/$$/status)
            while read -r line; do
              result "in $(hex "$(pwd -P)") of $(hex "$VIBE_SESSION_ID") with $(hex "$WORDS") LC_ALL ${LC_ALL-unset} LANG ${LANG-unset} JAVA $(hex "$JAVA_TOOL_OPTIONS$JDK_JAVA_OPTIONS$_JAVA_OPTIONS") SigIgn $ignored"
            done
            """);

    /** Bytes come from printf, since the tests' own Java may run in a C locale; \\344 is no UTF-8 there. */
    private static final String START = """
            directory=$1/$(printf 'gr\\303\\266\\303\\237e \\346\\227\\245\\346\\234\\254')
            mkdir -p "$directory/$(printf '\\303\\251')"
            VIBE_WORKING_DIR=$directory
            WORDS=$(printf 'h\\303\\244h \\344')
            export VIBE_WORKING_DIR WORDS
            exec "$2"
            """;

    private static final String DIRECTORY = "größe 日本";
    private static final String WORDS = HexFormat.of().formatHex("häh ".getBytes(StandardCharsets.UTF_8)) + "e4";
    /** Signals 32 and 33 are the C library's own, which has all its children ignore them. */
    private static final String NONE_BUT_THE_LIBRARYS = "0000000180000000";

    private final Path home;

    LauncherTest(@TempDir Path home) {
        this.home = home;
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "LC_ALL=C", "LANG=xx_YY.UTF-8", "LC_ALL=C.UTF-8", "LANG=C.UTF-8"})
    void anAgentRunsInADirectoryOfAnyNameWhateverTheLocaleWhichStaysTheUsers(String locale) throws Exception {
        Map<String, String> environment = new TreeMap<>();
        if (!locale.isEmpty()) {
            String[] variable = locale.split("=", 2);
            environment.put(variable[0], variable[1]);
        }
        String locales = " LC_ALL " + environment.getOrDefault("LC_ALL", "unset") + " LANG "
                + environment.getOrDefault("LANG", "unset");
        String real = home.toRealPath() + "/" + DIRECTORY;
        try (NodeServer server = NodeServer.start();
                RunnerProcess _ = start(server, environment)) {
            assertEquals(
                    "in " + hex(real) + " of " + hex(SESSION) + " with " + WORDS + locales, said(server, Map.of()));
            Map<String, String> asked = Map.of("workingDirectory", home + "/" + DIRECTORY + "/é");
            assertEquals(
                    "in " + hex(real + "/é") + " of " + hex(SESSION) + " with " + WORDS + locales, said(server, asked));
        }
    }

    @Test
    void anAgentIgnoresNoSignalThoughTheLauncherDoes() throws Exception {
        try (NodeServer server = NodeServer.start();
                RunnerProcess runner = start(server, Map.of())) {
            server.awaitEvent("endpoint:register", SOON);
            String java = Files.readString(Path.of("/proc/" + runner.java() + "/status"));
            long ignored = Long.parseUnsignedLong(java.replaceAll("(?s).*SigIgn:\\s*([0-9a-f]+).*", "$1"), 16);
            assertEquals(0b11, ignored & 0b11, "HUP and INT: nothing to prove otherwise");
            assertEquals(NONE_BUT_THE_LIBRARYS, ask(server, Map.of()).replaceAll(".* SigIgn ", ""));
        }
    }

    @Test
    void itIsFoundByItsBareNameInTheDirectoryOfAShell() throws Exception {
        Path bin = RunnerProcess.DISTRIBUTION.resolve("bin");
        Map<String, String> environment = Map.of("PATH", System.getenv("PATH"), "HOME", home.toString());
        List<String> command = List.of("sh", "-c", "cd \"$1\" && sh vibe-runner --version", "sh", bin.toString());
        try (RunnerProcess runner = RunnerProcess.start(home, environment, command)) {
            assertEquals(0, runner.awaitExit(SOON), runner.log());
            assertTrue(runner.log().startsWith("vibe-runner "), runner.log());
        }
    }

    @Test
    void aPathThatJavaCannotTakeIsRefusedAndNotTriedForEver() throws Exception {
        Path distribution = Files.createSymbolicLink(home.resolve("a:b"), RunnerProcess.DISTRIBUTION);
        Map<String, String> environment = Map.of("PATH", System.getenv("PATH"), "HOME", home.toString());
        List<String> command = List.of(distribution.resolve("bin/vibe-runner").toString());
        try (RunnerProcess runner = RunnerProcess.start(home, environment, command)) {
            assertEquals(71, runner.awaitExit(SOON), runner.log());
            assertTrue(runner.log().contains(distribution + ", and Java takes no path with a \":\""), runner.log());
        }
    }

    /** Each of these alone kept the runner from starting: they are for the user's own Java programs. */
    @Test
    void javaOptionsInTheEnvironmentAreTheAgentsAndNotTheRunners() throws Exception {
        Map<String, String> options = Map.of(
                "JAVA_TOOL_OPTIONS", "-XX:+UseG1GC -javaagent:/none.jar",
                "JDK_JAVA_OPTIONS", "--add-modules=java.none",
                "_JAVA_OPTIONS", "-Xmx8m");
        Map<String, String> environment = new TreeMap<>(options);
        environment.put("WORDS", "");
        try (NodeServer server = NodeServer.start();
                RunnerProcess runner = start(server, environment)) {
            server.awaitEvent("endpoint:register", SOON);
            String seen = ask(server, Map.of());
            assertTrue(
                    seen.contains(" JAVA "
                            + hex(options.get("JAVA_TOOL_OPTIONS")
                                    + options.get("JDK_JAVA_OPTIONS")
                                    + options.get("_JAVA_OPTIONS"))),
                    seen);
            assertTrue(!runner.log().contains("Picked up"), runner.log());
        }
    }

    /** As on Alpine, or on another processor: no program is found to run it, and no start after this one would find it. */
    @Test
    void aJavaThatCannotRunHereIsSaidToBeThatAndNotTriedForEver() throws Exception {
        Path java = strange();
        Map<String, String> environment = Map.of(
                "PATH",
                System.getenv("PATH"),
                "HOME",
                home.toString(),
                "VIBE_SERVER_URL",
                "http://127.0.0.1:1",
                "VIBE_AUTH_TOKEN",
                "t");
        for (String argument : List.of("", "--version")) {
            List<String> command = argument.isEmpty() ? List.of(java.toString()) : List.of(java.toString(), argument);
            try (RunnerProcess runner = RunnerProcess.start(home, environment, command)) {
                int code = runner.awaitExit(SOON);
                assertEquals(71, code, runner.log());
                assertTrue(runner.log().contains("cannot run on this system"), runner.log());
            }
        }
    }

    /** A distribution whose Java is for no processor. */
    private Path strange() throws Exception {
        Path distribution = home.resolve("strange");
        Files.createDirectories(distribution.resolve("jre/bin"));
        Files.createDirectories(distribution.resolve("bin"));
        Files.createSymbolicLink(distribution.resolve("lib"), RunnerProcess.DISTRIBUTION.resolve("lib"));
        Path launcher = distribution.resolve("bin/vibe-runner");
        Files.copy(RunnerProcess.DISTRIBUTION.resolve("bin/vibe-runner"), launcher);
        byte[] elf = new byte[64];
        System.arraycopy(new byte[] {0x7f, 'E', 'L', 'F', 2, 1, 1}, 0, elf, 0, 7);
        elf[18] = (byte) 0xf3;
        Path java = Files.write(distribution.resolve("jre/bin/java"), elf);
        for (Path program : List.of(launcher, java)) {
            Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
        }
        return launcher;
    }

    /** Java's answer would be "?", a folder of the working directory; the launcher's was one in /tmp, where others may come first. */
    @Test
    void withoutHomeTheStateIsBelowTheUsersOwn() throws Exception {
        Path own = home.resolve("own");
        Path database = Files.createDirectory(home.resolve("database"));
        Path getent = Files.writeString(
                database.resolve("getent"), "#!/bin/sh\necho 'me:x:1:1:Me, Myself:" + own + ":/bin/sh'\n");
        Files.setPosixFilePermissions(getent, PosixFilePermissions.fromString("rwx------"));
        Map<String, String> nowhere =
                Map.of("HOME", " ", "XDG_STATE_HOME", "relative", "PATH", database + ":" + System.getenv("PATH"));
        try (NodeServer server = NodeServer.start();
                RunnerProcess runner = start(server, nowhere)) {
            server.awaitEvent("endpoint:register", SOON);
            Path state = own.resolve(".local/state/vibe-runner");
            String java = Files.readString(Path.of("/proc/" + runner.java() + "/cmdline"));
            assertTrue(java.contains("-XX:ErrorFile=" + state + "/"), java);
            assertTrue(Files.isDirectory(state), runner.log());
        }
    }

    /** Blank is unset, to the launcher too: else each start after a crash had another id, and did not find what the dead one had left. */
    @Test
    void aBlankEndpointIdIsNoneAndTheOneMadeUpStays() throws Exception {
        Map<String, String> blank = Map.of("VIBE_ENDPOINT_ID", " ", "E2B_SANDBOX_ID", "");
        try (NodeServer server = NodeServer.start();
                RunnerProcess runner = start(server, blank)) {
            String id = server.awaitEvent("endpoint:register", SOON)
                    .path("endpointId")
                    .asText();
            var _ = runner.killJava(-1);
            assertEquals(
                    id,
                    server.awaitEvent("endpoint:register", SOON)
                            .path("endpointId")
                            .asText());
        }
    }

    /** As Python and Helm write it. */
    @Test
    void withoutSupervisionItBecomesTheRunner() throws Exception {
        try (NodeServer server = NodeServer.start();
                RunnerProcess runner = start(server, Map.of("VIBE_SUPERVISE", " False "))) {
            server.awaitEvent("endpoint:register", SOON);
            String program = Files.readString(Path.of("/proc/" + runner.pid() + "/cmdline"));
            assertTrue(program.contains("dev.vibe.runner.bootstrap.Main"), program);
        }
    }

    /** Which shell /bin/sh is, is the system's affair: BusyBox goes by its name, and bash reads files under another. */
    @Test
    void theShellThatStaysIsCalledSh() throws Exception {
        try (NodeServer server = NodeServer.start();
                RunnerProcess runner = start(server, Map.of())) {
            server.awaitEvent("endpoint:register", SOON);
            String program = Files.readString(Path.of("/proc/" + runner.pid() + "/cmdline"));
            assertTrue(program.replaceFirst("\0.*", "").endsWith("/sh"), program);
        }
    }

    private String said(NodeServer server, Map<String, String> request) throws InterruptedException {
        return ask(server, request).replaceAll(" JAVA .*", "");
    }

    private String ask(NodeServer server, Map<String, String> request) throws InterruptedException {
        Map<String, String> start = new TreeMap<>(request);
        start.putAll(Map.of("sessionId", SESSION, "agentType", "claude", "initialMessage", "hello"));
        server.awaitEvent("endpoint:heartbeat", SOON);
        server.emit("session:start", start);
        String said = server.awaitEvent(
                        "message:from-claude", of -> of.path("message").has("said"), SOON)
                .path("message")
                .path("said")
                .asText();
        server.emit("session:stop", Map.of("sessionId", SESSION));
        server.awaitEvent("session:ended", SOON);
        return said;
    }

    private RunnerProcess start(NodeServer server, Map<String, String> locale) throws Exception {
        Path agent = Files.writeString(home.resolve("claude"), AGENT);
        Files.setPosixFilePermissions(agent, PosixFilePermissions.fromString("rwx------"));
        Map<String, String> environment = new TreeMap<>(Map.of(
                "PATH", System.getenv("PATH"),
                "HOME", home.toString(),
                "VIBE_SERVER_URL", server.uri().toString(),
                "VIBE_AUTH_TOKEN", NodeServer.TOKEN,
                "VIBE_CLAUDE_PATH", agent.toString(),
                "VIBE_HEARTBEAT_SECONDS", "1"));
        environment.putAll(locale);
        String launcher = RunnerProcess.DISTRIBUTION.resolve("bin/vibe-runner").toString();
        return RunnerProcess.start(home, environment, List.of("sh", "-c", START, "sh", home.toString(), launcher));
    }

    private static String hex(String text) {
        return HexFormat.of().formatHex(text.getBytes(StandardCharsets.UTF_8));
    }
}
