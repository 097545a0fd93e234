package dev.vibe.runner.bootstrap.cli;

import dev.vibe.runner.bootstrap.replay.Replay;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code vibe-runner replay}. */
@Command(
        name = "replay",
        header = "Shows a recorded session for reading.",
        description = {
            "FILE holds one JSON object a line; - is stdin. Each line may be%n"
                    + "%n"
                    + "  - what an agent wrote: Claude Code's stream-json, codex app-server's or codex exec --json's lines, as a"
                    + " server keeps them;%n"
                    + "  - a payload of message:from-claude, {\"sessionId\",\"message\",\"type\"}, or {\"payload\":{...}} around one;%n"
                    + "  - {\"t\":MILLISECONDS,\"dir\":\"argv|in|out|err|exit\",\"line\":TEXT}: a transcript of both directions;%n"
                    + "  - a line of Claude Code's or Codex's own files (~/.claude/projects/*/ID.jsonl, ~/.codex/sessions).%n",
            "Shown are messages, tools with their output, questions, results, stderr and exits. Long texts are cut, and what"
                    + " is only between programs is left out, unless --full is given."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {" 0:shown", " 1:the file cannot be read, or holds nothing to show", "64:wrong arguments"},
        footerHeading = "%nExamples:%n",
        footer = {
            "  vibe-runner replay session.jsonl | less",
            "  vibe-runner replay --times adapters-process/src/test/resources/recordings/claude-permission.jsonl",
            "  tail -f session.jsonl | vibe-runner replay -"
        })
final class ReplayCommand implements Callable<Integer> {
    private final Console console;

    @Parameters(paramLabel = "FILE", description = "The recording; - for stdin.")
    Path file = Path.of("-");

    @Option(names = "--full", description = "Cut nothing and leave nothing out.")
    boolean full;

    @Option(names = "--times", description = "Show seconds since the begin, where the recording has them.")
    boolean times;

    ReplayCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws IOException {
        if (Files.isDirectory(file)) {
            return console.fail(file + " is a directory, not a recording");
        }
        AtomicLong shown = new AtomicLong();
        Replay replay = new Replay(full, times, line -> {
            shown.incrementAndGet();
            console.out().println(line);
        });
        try (InputStream in = file.toString().equals("-") ? System.in : Files.newInputStream(file);
                BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            boolean empty = true;
            for (String line = lines.readLine(); line != null && !console.out().checkError(); line = lines.readLine()) {
                empty &= line.isBlank();
                replay.line(line);
            }
            if (shown.get() == 0) {
                return console.fail(file
                        + (empty || full ? " is empty" : " holds only what is between programs, which --full shows"));
            }
            return 0;
        } catch (NoSuchFileException none) {
            return console.fail("there is no file " + file);
        }
    }
}
