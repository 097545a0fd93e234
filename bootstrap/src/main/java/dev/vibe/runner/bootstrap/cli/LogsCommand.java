package dev.vibe.runner.bootstrap.cli;

import dev.vibe.runner.bootstrap.logs.LogFilter;
import dev.vibe.runner.bootstrap.logs.LogReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code vibe-runner logs}. */
@Command(
        name = "logs",
        header = "The runner's log.",
        description = {
            "Shows the last lines of the log file (VIBE_LOG_FILE, else runner.log in the state directory), of a runner that"
                    + " runs or one that has ended, the files put aside by rotation included. With -f it goes on with what"
                    + " comes, over rotations and restarts, until Ctrl-C."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {" 0:shown", " 1:there is no log, or nothing in it", "64:wrong arguments"},
        footerHeading = "%nExamples:%n",
        footer = {
            "  vibe-runner logs -f",
            "  vibe-runner logs -n 1000 --session 3f2a",
            "  vibe-runner logs --file /var/log/runner.log"
        })
final class LogsCommand implements Callable<Integer> {
    private final Console console;

    @Option(
            names = {"-f", "--follow"},
            description = "Go on with what comes.")
    boolean follow;

    @Option(
            names = {"-n", "--lines"},
            paramLabel = "N",
            defaultValue = "100",
            description = "How many lines to begin with (default: ${DEFAULT-VALUE}).")
    int lines;

    @Option(
            names = {"-s", "--session"},
            paramLabel = "ID",
            description = "Only what is about this session.")
    @Nullable
    String session;

    @Option(names = "--file", paramLabel = "FILE", description = "Read this log instead.")
    @Nullable
    Path file;

    @Spec
    CommandSpec spec = CommandSpec.create();

    LogsCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        Optional<Path> log = file == null ? console.logFile() : Optional.of(file);
        if (log.isEmpty()) {
            return console.fail("this runner writes no log file (VIBE_LOG_FILE is off)");
        }
        if (lines < 0) {
            throw new ParameterException(spec.commandLine(), "--lines wants a number from 0 up, not " + lines);
        }
        Path from = log.get();
        if (Files.isDirectory(from)) {
            return console.fail(from + " is a directory, not a log");
        }
        if (!follow && !Files.exists(from)) {
            return console.fail(
                    "there is no log " + from + (file == null ? "; VIBE_STATE_DIR or VIBE_LOG_FILE name another" : ""));
        }
        if (Files.exists(from)) {
            from = from.toRealPath(); // where RotatingFile keeps the older ones
        }
        LogReader reader = new LogReader(
                from, session == null ? LogFilter.all() : LogFilter.session(session), console.out()::println);
        long found = reader.last(lines);
        if (follow) {
            reader.follow(() -> console.out().checkError());
        } else if (found == 0) {
            return console.fail(
                    session == null
                            ? "the log " + from + " is empty"
                            : "there is nothing about session \"" + Words.clean(session) + "\" in the log " + from);
        }
        return 0;
    }
}
