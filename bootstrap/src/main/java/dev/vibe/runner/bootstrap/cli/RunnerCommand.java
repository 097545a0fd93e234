package dev.vibe.runner.bootstrap.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.vibe.runner.adapter.journal.JournalFolder;
import dev.vibe.runner.adapter.process.ProcessName;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** A command that asks runners how they are. */
abstract class RunnerCommand implements Callable<Integer> {
    final Console console;

    @Option(
            names = {"-e", "--endpoint"},
            paramLabel = "ID",
            description = "Ask this endpoint's runner only; without it, all that run with the state directory.")
    @Nullable
    String endpoint;

    @Option(names = "--json", description = "Write what the runner says of itself: one JSON object a runner and line.")
    boolean json;

    RunnerCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        List<JsonNode> runners = Runners.ask(console.stateDirectory()).stream()
                .filter(runner ->
                        endpoint == null || runner.path("endpoint").asText().equals(endpoint))
                .toList();
        if (runners.isEmpty()) {
            List<Long> silent = silent(console.stateDirectory());
            if (!silent.isEmpty()) {
                return console.fail("a runner (process "
                        + silent.stream().map(String::valueOf).collect(Collectors.joining(", "))
                        + ") runs with the state directory " + console.stateDirectory()
                        + " and does not answer: it is just starting, belongs to another user, or hangs");
            }
            return console.fail(
                    (endpoint == null ? "no runner runs" : "no runner of endpoint \"" + endpoint + "\" runs")
                            + " with the state directory " + console.stateDirectory()
                            + " as this user; VIBE_STATE_DIR names another");
        }
        if (json) {
            runners.forEach(runner -> console.out().println(runner));
            return 0;
        }
        return show(runners);
    }

    /** Processes that hold an endpoint's folder there. */
    private static List<Long> silent(Path stateDirectory) {
        return JournalFolder.holders(stateDirectory).stream()
                .flatMap(holder -> Optional.ofNullable(ProcessName.parse(holder.split(" ", -1)[0])).stream())
                .filter(ProcessName::lives)
                .map(ProcessName::pid)
                .toList();
    }

    /** Writes for people; returns the exit code. */
    abstract int show(List<JsonNode> runners);
}
