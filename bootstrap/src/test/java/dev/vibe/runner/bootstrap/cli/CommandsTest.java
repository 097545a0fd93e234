package dev.vibe.runner.bootstrap.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class CommandsTest {
    private record Said(int code, String out, String err) {}

    private static Said run(Map<String, String> environment, String... args) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int code = Commands.run(
                List.of(args),
                environment,
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8));
        return new Said(code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @ValueSource(strings = {"doctor", "status", "sessions", "logs", "replay", "completion"})
    void eachCommandExplainsItself(String command) {
        Said said = run(Map.of(), command, "--help");
        assertEquals(0, said.code(), said.err());
        for (String part : List.of("Usage: vibe-runner " + command, "Exit codes:", "Examples:", "--help")) {
            assertTrue(said.out().contains(part), () -> part + " is not in " + said.out());
        }
        assertEquals(said.out(), run(Map.of(), "help", command).out());
    }

    @Test
    void theHelpListsAllCommandsAndFitsATerminal() {
        Said said = run(Map.of(), "--help");
        for (String command : List.of("doctor", "status", "sessions", "logs", "replay", "completion")) {
            assertTrue(said.out().contains("\n  " + command + " "), said.out());
        }
        assertFalse(said.out().contains("\u001b"), "colours in what may be a file");
    }

    @ParameterizedTest
    @ValueSource(strings = {"statsu", "status --frobnicate", "logs -n many", "completion fish"})
    void whatMakesNoSenseIsNamed(String line) {
        Said said = run(Map.of(), line.split(" ", -1));
        assertEquals(64, said.code());
        String last = line.substring(line.lastIndexOf(' ') + 1);
        assertTrue(said.err().startsWith("vibe-runner: ") && said.err().contains(last), said.err());
        assertFalse(said.err().contains("\tat "), said.err());
    }

    @Test
    void withoutARunnerItIsSaidWhereOneWasLookedFor(@TempDir Path state) {
        Said said = run(Map.of("VIBE_STATE_DIR", state.toString()), "status");
        assertEquals(1, said.code());
        assertTrue(said.err().contains("no runner runs with the state directory " + state), said.err());
    }

    @Test
    void whatIsNoRecordingIsSaidToBeNone(@TempDir Path directory) {
        Said none = run(Map.of(), "replay", directory.resolve("none").toString());
        assertEquals(1, none.code());
        assertEquals("vibe-runner: there is no file " + directory.resolve("none") + "\n", none.err());
        Said folder = run(Map.of(), "replay", directory.toString());
        assertEquals(1, folder.code());
        assertEquals("vibe-runner: " + directory + " is a directory, not a recording\n", folder.err());
    }

    @Test
    void withoutALogItIsSaidWhereOneWasLookedFor(@TempDir Path state) {
        Said said = run(Map.of("VIBE_STATE_DIR", state.toString()), "logs");
        assertEquals(1, said.code());
        assertTrue(said.err().contains(state.resolve("runner.log").toString()), said.err());
    }

    @ParameterizedTest
    @ValueSource(strings = {"bash", "zsh"})
    void theCompletionScriptCompletesCommands(String shell, @TempDir Path directory) throws Exception {
        Path script = Files.writeString(
                directory.resolve("completion"),
                run(Map.of(), "completion", shell).out());
        String ask = "source '" + script + "'; COMP_WORDS=(vibe-runner se); COMP_CWORD=1; COMP_LINE='vibe-runner se';"
                + " COMP_POINT=14; _complete_vibe-runner; echo \"${COMPREPLY[@]}\"";
        Process bash =
                new ProcessBuilder("bash", "-c", ask).redirectErrorStream(true).start();
        String answer = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(bash.waitFor(20, TimeUnit.SECONDS));
        assertEquals("sessions\n", answer);
    }

    @Test
    void timesAndSizesReadWell() {
        assertEquals("59 s", Words.time(Duration.ofSeconds(59)));
        assertEquals("3 m 12 s", Words.time(Duration.ofSeconds(192)));
        assertEquals("2 h 5 m", Words.time(Duration.ofMinutes(125)));
        assertEquals("3 d 1 h", Words.time(Duration.ofHours(73)));
        assertEquals("999 B", Words.bytes(999));
        assertEquals("1.5 kB", Words.bytes(1500));
        assertEquals("74 MB", Words.bytes(74_000_000));
        assertEquals("a\uFFFDb", Words.clean("a\u001bb"));
    }
}
