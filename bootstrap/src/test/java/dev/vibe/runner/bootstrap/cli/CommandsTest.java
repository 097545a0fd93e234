package dev.vibe.runner.bootstrap.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.vibe.runner.testkit.Requires;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
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

    @ParameterizedTest
    @CsvSource({
        "docter, doctor",
        "sesions, sessions",
        "help stauts, status",
        "version, --version",
        "log -f, logs",
        "status --jsn, --json",
        "stat --help, status"
    })
    void whatWasMeantIsSuggested(String line, String meant) {
        Said said = run(Map.of(), line.split(" ", -1));
        assertEquals(64, said.code());
        assertTrue(said.err().startsWith("vibe-runner: there is no "), said.err());
        assertTrue(said.err().contains("did you mean " + meant + "?"), said.err());
        assertEquals("", said.out());
    }

    @ParameterizedTest
    @ValueSource(strings = {"run", "run --help", "help run"})
    void aCommandThatIsNoneIsSaidToBeNone(String line) {
        Said said = run(Map.of(), line.split(" ", -1));
        assertEquals(64, said.code());
        assertEquals(
                "vibe-runner: there is no command \"run\"; without one the runner runs, and vibe-runner --help lists them\n",
                said.err());
        assertEquals("", said.out());
    }

    @Test
    void theHelpBreaksNoAddressAndFitsATerminal() {
        String help = run(Map.of(), "--help").out();
        assertTrue(help.contains("https://vibe.example.com"), help);
        assertTrue(help.contains("default: none\n"), help);
        assertFalse(help.contains("default: \n"), help);
        assertTrue(help.lines().allMatch(line -> line.length() <= 110), help);
    }

    @Test
    void aLogThatCannotBeShownIsSaidToBeNone(@TempDir Path directory) throws Exception {
        Path none = directory.resolve("none");
        assertEquals(new Said(1, "", "vibe-runner: there is no log " + none + "\n"), logs(none));
        assertEquals(new Said(1, "", "vibe-runner: " + directory + " is a directory, not a log\n"), logs(directory));
        Path log = Files.writeString(directory.resolve("log"), "");
        assertEquals(new Said(1, "", "vibe-runner: the log " + log + " is empty\n"), logs(log));
        String line = "2026-01-01T00:00:00Z INFO  [s1] fine\n";
        var _ = Files.writeString(log, line);
        assertEquals(new Said(0, line, ""), logs(log, "--session", "s1"));
        assertEquals(
                new Said(1, "", "vibe-runner: there is nothing about session \"s2\" in the log " + log + "\n"),
                logs(log, "--session", "s2"));
        Said fewer = logs(log, "-n", "-5");
        assertEquals(64, fewer.code());
        assertTrue(fewer.err().contains("--lines wants a number from 0 up, not -5"), fewer.err());
    }

    private static Said logs(Path file, String... options) {
        List<String> args = new ArrayList<>(List.of("logs", "--file", file.toString()));
        args.addAll(List.of(options));
        return run(Map.of(), args.toArray(String[]::new));
    }

    @Test
    void aRecordingWithNothingToShowIsSaidToBeEmpty(@TempDir Path directory) throws Exception {
        Path empty = Files.writeString(directory.resolve("empty"), "\n");
        Said said = run(Map.of(), "replay", empty.toString());
        assertEquals(1, said.code());
        assertEquals("vibe-runner: " + empty + " is empty\n", said.err());
        Path dull = Files.writeString(directory.resolve("dull"), "{\"type\":\"keep_alive\"}\n");
        Said nothing = run(Map.of(), "replay", dull.toString());
        assertEquals(1, nothing.code());
        assertTrue(nothing.err().contains("which --full shows"), nothing.err());
        assertEquals(0, run(Map.of(), "replay", "--full", dull.toString()).code());
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

    /** The local server takes them by itself: what LocalOptionsTest tries. */
    @Test
    void theHelpOfLocalNamesTheOptionsThatItTakes() {
        assertEquals(
                Set.of("--no-runner", "--port"),
                options(run(Map.of(), "help", "local").out().replace("--help", "")));
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
