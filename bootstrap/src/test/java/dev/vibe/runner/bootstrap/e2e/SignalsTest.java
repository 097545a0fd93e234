package dev.vibe.runner.bootstrap.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.vibe.runner.adapter.control.ControlSockets;
import dev.vibe.runner.testkit.NodeServer;
import dev.vibe.runner.testkit.Requires;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Signals that come at other moments, or by other ways, than a quiet SIGTERM to the launcher. */
@Timeout(180)
class SignalsTest {
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final String TRYING = "cannot connect to http://127.0.0.1:9";
    private static final Path LAUNCHER = RunnerProcess.DISTRIBUTION.resolve("bin/vibe-runner");
    /** What was started with a signal ignored, as by nohup or in the background of a shell, cannot hear it; these tests may have been. */
    private static final String HEARING = "exec env --default-signal=HUP,INT,TERM ";

    private static final Path SCRIPT = Path.of("/usr/bin/script");
    private static final int CONTROL_C = 3;
    private static final int LAST_MOMENT_MILLIS = 500;
    private static final int STEP_MILLIS = 10;
    /** A shell that has just been started has no first line yet, and the launcher becomes another one once. */
    private static final int MOMENTS_OF_A_SHELL = 5;

    private static final String AGENT = ShellAgent.program("""
            trap '' TERM HUP
            while read -r line; do result done; done
            for i in $(seq 60); do sleep 1; done
            """);

    private final Path home;

    SignalsTest(@TempDir Path home) {
        this.home = home;
    }

    @Test
    void aSignalAtAnyMomentOfAStartIsACleanEndAndLeavesNothing() throws Exception {
        int unheard = 0;
        for (int moment = 0; moment <= LAST_MOMENT_MILLIS; moment += STEP_MILLIS) {
            try (RunnerProcess runner = RunnerProcess.start(home, environment("http://127.0.0.1:9"))) {
                Thread.sleep(moment); // the moment is what is tested
                runner.terminate();
                int code = runner.awaitExit(SOON);
                assertTrue(code == 0 || code == 143, "exit code " + code + " after " + moment + " ms: " + runner.log());
                unheard += code == 0 ? 0 : 1;
                assertEquals(List.of(), left(), "after " + moment + " ms");
            }
        }
        assertTrue(unheard <= MOMENTS_OF_A_SHELL, unheard + " ends were not clean");
    }

    @Test
    void aSignalToAYoungJavaItselfIsNoDeath() throws Exception {
        try (RunnerProcess runner = RunnerProcess.start(home, environment("http://127.0.0.1:9"))) {
            assertTrue(youngJava(runner).destroy());
            assertEquals(143, runner.awaitExit(SOON), runner.log());
            assertFalse(runner.log().contains("starting it again"), runner.log());
        }
    }

    /** As a terminal's Ctrl-C and npm's echo of it. Two of a kind would become one on their way. */
    @Test
    void twoSignalsAtOnceToALauncherWithAYoungJavaAreACleanEnd() throws Exception {
        try (RunnerProcess runner = RunnerProcess.start(home, environment("http://127.0.0.1:9"))) {
            var _ = youngJava(runner);
            Process kill = new ProcessBuilder("sh", "-c", "kill -INT $0; kill -TERM $0", "" + runner.pid()).start();
            assertEquals(0, kill.waitFor());
            assertEquals(0, runner.awaitExit(SOON), runner.log());
            assertEquals(List.of(), left());
        }
    }

    @Test
    void controlCUnderNpmIsACleanEnd() throws Exception {
        boolean npm = Stream.of(System.getenv("PATH").split(File.pathSeparator, -1))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, "npm")));
        Requires.that("node", npm, "npm is not on the PATH");
        Map<String, String> environment = environment("http://127.0.0.1:9");
        environment.put("npm_config_update_notifier", "false"); // asks the network
        controlCIsACleanEnd(terminal(environment, "npm start --prefix " + RunnerProcess.DISTRIBUTION));
    }

    private void controlCIsACleanEnd(Process terminal) throws Exception {
        try (OutputStream keyboard = terminal.getOutputStream()) {
            awaitControlSocket();
            keyboard.write(CONTROL_C);
            keyboard.flush();
            assertTrue(terminal.waitFor(SOON.toSeconds(), TimeUnit.SECONDS), log());
            assertEquals(0, terminal.exitValue(), log());
            assertEquals(List.of(), left());
        } finally {
            close(terminal);
        }
    }

    /** Just started, so that it hears no signal yet. */
    private static ProcessHandle youngJava(RunnerProcess runner) {
        Optional<ProcessHandle> java = Optional.empty();
        while (java.isEmpty()) {
            java = ProcessHandle.of(runner.pid())
                    .orElseThrow()
                    .children()
                    .filter(child -> child.info().command().orElse("").endsWith("java"))
                    .findFirst();
        }
        return java.get();
    }

    @ParameterizedTest
    @ValueSource(strings = {"QUIT", "USR1", "USR2", "ALRM"})
    void aSignalThatMeansNothingLeavesNoRunnerAlone(String signal) throws Exception {
        try (RunnerProcess runner = RunnerProcess.start(home, environment("http://127.0.0.1:9"))) {
            runner.awaitLog(TRYING);
            long java = runner.java();
            Process kill = new ProcessBuilder("kill", "-" + signal, Long.toString(runner.pid())).start();
            assertEquals(0, kill.waitFor());
            runner.terminate();
            assertEquals(0, runner.awaitExit(SOON), runner.log());
            assertTrue(ProcessHandle.of(java).isEmpty(), "Java goes on");
        }
    }

    /** As a script's {@code vibe-runner &} has SIGINT, and a careless wrapper both. */
    @ParameterizedTest
    @ValueSource(strings = {"INT", "TERM"})
    void aSignalThatWasIgnoredAtTheStartIsHeard(String signal) throws Exception {
        List<String> command = List.of("sh", "-c", "trap '' INT TERM; exec " + LAUNCHER);
        try (RunnerProcess runner = RunnerProcess.start(home, environment("http://127.0.0.1:9"), command)) {
            runner.awaitLog(TRYING);
            Process kill = new ProcessBuilder("kill", "-" + signal, Long.toString(runner.pid())).start();
            assertEquals(0, kill.waitFor());
            assertEquals(0, runner.awaitExit(SOON), runner.log());
            assertEquals(List.of(), left());
        }
    }

    @Test
    void controlCOnATerminalIsACleanEnd() throws Exception {
        controlCIsACleanEnd(terminal(environment("http://127.0.0.1:9")));
    }

    @Test
    void aTerminalThatClosesEndsIt() throws Exception {
        Process terminal = terminal(environment("http://127.0.0.1:9"));
        try {
            awaitControlSocket();
        } finally {
            close(terminal);
        }
        assertTrue(Files.readString(home.resolve("state/runner.log")).contains("everything delivered"));
    }

    @Test
    void aTerminalThatClosesEndsItAndItsAgentsAlsoWhileItWaitsToStartAnother() throws Exception {
        try (NodeServer server = NodeServer.start()) {
            Process terminal = terminal(environment(server.uri().toString()));
            try {
                server.awaitEvent("endpoint:register", SOON);
                server.emit(
                        "session:start", Map.of("sessionId", "left", "agentType", "claude", "initialMessage", "hello"));
                server.awaitEvent("message:from-claude", SOON);
                terminal.descendants()
                        .filter(each -> each.info().command().orElse("").endsWith("jre/bin/java"))
                        .forEach(ProcessHandle::destroyForcibly);
                awaitLog("starting it again in 1 s");
                assertFalse(Marked.of("left").isEmpty());
            } finally {
                close(terminal);
            }
            assertEquals(List.of(), Marked.of("left"));
        }
    }

    /** The launcher in a terminal of its own, which goes when this process does. */
    private Process terminal(Map<String, String> environment) throws IOException {
        return terminal(environment, LAUNCHER.toString());
    }

    private Process terminal(Map<String, String> environment, String command) throws IOException {
        Requires.that("script", Files.isExecutable(SCRIPT), "no " + SCRIPT);
        ProcessBuilder builder = new ProcessBuilder(SCRIPT.toString(), "-qefc", HEARING + command, "/dev/null")
                .redirectErrorStream(true)
                .redirectOutput(home.resolve("terminal.log").toFile());
        builder.environment().clear();
        builder.environment().putAll(environment);
        return builder.start();
    }

    private String log() throws IOException {
        return Files.readString(home.resolve("terminal.log"), StandardCharsets.ISO_8859_1);
    }

    private void awaitLog(String words) throws IOException, InterruptedException {
        long end = System.nanoTime() + SOON.toNanos();
        while (!log().contains(words)) {
            assertTrue(System.nanoTime() < end, "no \"" + words + "\" in\n" + log());
            Thread.sleep(20);
        }
    }

    /**
     * Opened behind the start. The first attempt to connect is made beside it, and can be over before signals are heard; one that comes
     * earlier ends the process on the spot, where there is nothing to end yet.
     */
    private void awaitControlSocket() throws IOException, InterruptedException {
        long end = System.nanoTime() + SOON.toNanos();
        while (ControlSockets.in(home.resolve("state")).isEmpty()) {
            assertTrue(System.nanoTime() < end, log());
            Thread.sleep(20);
        }
    }

    /** Takes the terminal away and waits for the end of what ran in it; by force where it does not come. */
    private static void close(Process terminal) throws InterruptedException {
        List<ProcessHandle> started = terminal.descendants().toList();
        terminal.destroyForcibly().waitFor();
        long end = System.nanoTime() + SOON.toNanos();
        try {
            for (ProcessHandle each : started) {
                // Without one who would reap it here it stays; but then it has no command line.
                while (!commandLine(Path.of("/proc", Long.toString(each.pid()), "cmdline"))
                        .isEmpty()) {
                    assertTrue(System.nanoTime() < end, "it goes on without its terminal: " + each.info());
                    Thread.sleep(20);
                }
            }
        } finally {
            started.forEach(ProcessHandle::destroyForcibly);
        }
    }

    /** Command lines of processes that name this test's directory: the runner's Java, and the launcher's shell. */
    private List<String> left() throws IOException {
        try (Stream<Path> entries = Files.list(Path.of("/proc"))) {
            return entries.filter(entry -> entry.getFileName().toString().matches("\\d+"))
                    .filter(entry -> !entry.endsWith(
                            Long.toString(ProcessHandle.current().pid())))
                    .map(entry -> commandLine(entry.resolve("cmdline")))
                    .filter(line -> line.contains(home + "/state"))
                    .toList();
        }
    }

    private static String commandLine(Path file) {
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1).replace('\0', ' ');
        } catch (IOException gone) {
            return "";
        }
    }

    private Map<String, String> environment(String url) throws IOException {
        Path agent = Files.writeString(home.resolve("claude"), AGENT);
        Files.setPosixFilePermissions(agent, PosixFilePermissions.fromString("rwx------"));
        return new TreeMap<>(Map.of(
                "PATH", System.getenv("PATH"),
                "HOME", home.toString(),
                "VIBE_SERVER_URL", url,
                "VIBE_AUTH_TOKEN", NodeServer.TOKEN,
                "VIBE_CLAUDE_PATH", agent.toString(),
                "VIBE_STOP_GRACE_SECONDS", "1",
                "VIBE_STATE_DIR", home.resolve("state").toString()));
    }
}
