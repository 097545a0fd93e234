package dev.vibe.runner.bootstrap.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.vibe.runner.localserver.LocalMain;
import dev.vibe.runner.testkit.Requires;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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
    @ValueSource(strings = {"doctor", "status", "sessions", "logs", "replay", "local", "completion"})
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
        for (String command : List.of("doctor", "status", "sessions", "logs", "replay", "local", "completion")) {
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
    @CsvSource({
        "vibe-runner se, sessions",
        "vibe-runner loc, local",
        "vibe-runner local --no, --no-runner",
        "vibe-runner completion z, zsh"
    })
    void theScriptForBashCompletes(String line, String answer, @TempDir Path directory) throws Exception {
        String script = "compopt() { :; }; source '" + completion("bash", directory) + "'; COMP_WORDS=(" + line
                + "); COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); COMP_LINE='" + line + "'; COMP_POINT=" + line.length()
                + "; _complete_vibe-runner; echo \"${COMPREPLY[@]}\"";
        assertEquals(answer + "\n", said("bash", "-c", script));
    }

    /** Asked as a user asks: by the key, in an interactive shell on a terminal. */
    @ParameterizedTest
    @CsvSource({
        "vibe-runner se, vibe-runner sessions",
        "vibe-runner loc, vibe-runner local",
        "vibe-runner local --no, vibe-runner local --no-runner"
    })
    void theScriptForZshCompletes(String line, String answer, @TempDir Path directory) throws Exception {
        Requires.that("zsh", onPath("zsh"), "zsh is not on the PATH");
        Path setup = Files.writeString(directory.resolve("setup"), """
                source '%s'
                show() { print -r -- "line:$BUFFER:" }
                zle -N show
                bindkey '^T' show
                print ready:
                """.formatted(completion("zsh", directory)));
        String script = """
                zmodload zsh/zpty
                zpty shell zsh -f -i
                zpty -w shell "source '%s'"
                zpty -r shell said '*ready:*'
                zpty -w -n shell $'%s\\t\\x14'
                zpty -r shell said '*line:*:*'
                print -r -- "${${said##*line:}%%%%:*}"
                """.formatted(setup, line);
        assertEquals(answer + " \n", said("timeout", "30", "zsh", "-f", "-c", script));
    }

    private static Path completion(String shell, Path directory) throws Exception {
        return Files.writeString(
                directory.resolve("completion"),
                run(Map.of(), "completion", shell).out());
    }

    private static boolean onPath(String program) {
        return Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }

    private static String said(String... command) throws Exception {
        Process shell = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(shell.waitFor(20, TimeUnit.SECONDS));
        return said;
    }

    /** Its own help is the local server's, which stands beside the runner; both name the same options. */
    @Test
    void theHelpOfLocalNamesTheOptionsThatItTakes() throws Exception {
        PrintStream before = System.out;
        ByteArrayOutputStream itsOwn = new ByteArrayOutputStream();
        System.setOut(new PrintStream(itsOwn, true, StandardCharsets.UTF_8));
        try {
            LocalMain.main(new String[] {"--help"});
        } finally {
            System.setOut(before);
        }
        String ours = run(Map.of(), "help", "local").out();
        assertEquals(options(itsOwn.toString(StandardCharsets.UTF_8)), options(ours.replace("--help", "")));
    }

    private static Set<String> options(String help) {
        return Pattern.compile("--[a-z-]+")
                .matcher(help.replace("vibe-runner --help", ""))
                .results()
                .map(MatchResult::group)
                .collect(Collectors.toCollection(TreeSet::new));
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
