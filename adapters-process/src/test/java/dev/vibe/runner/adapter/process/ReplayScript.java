package dev.vibe.runner.adapter.process;

import dev.vibe.runner.domain.Channel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** A shell script that does an agent's part of a recorded run. It ends with 99 where its input ends too early. */
final class ReplayScript {
    private static final String BEGIN = """
            #!/bin/sh
            printf '%s\\n' "$@" >argv
            hear() {
              while IFS= read -r line; do
                case $line in *"$1"*)
                  id=${line#*'"vibe-runner-'}
                  id=vibe-runner-${id%%'"'*}
                  return ;;
                esac
              done
              exit 99
            }
            """;

    private final Path directory;
    private final StringBuilder script = new StringBuilder(BEGIN);
    private int files;

    private ReplayScript(Path directory) {
        this.directory = directory;
    }

    /** Writes it, with what it says beside it. */
    static Path write(RecordedRun run, Path directory) throws IOException {
        ReplayScript writer = new ReplayScript(directory);
        if (run.exit == 0) {
            writer.script.append("trap signalled=yes INT\n"); // it dies of the others
        }
        for (Step step : run.steps) {
            writer.add(step);
        }
        writer.script.append("exit ").append(run.exit).append('\n');
        Path program = Files.writeString(directory.resolve("agent"), writer.script);
        return Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
    }

    private void add(Step step) throws IOException {
        String line = switch (step) {
            case Step.Line(var channel, var text) ->
                "cat " + file(text + "\n") + (channel == Channel.STDERR ? " >&2" : "");
            case Step.Heard(var words, var id, var _) ->
                "hear '" + words + "'" + (id.isEmpty() ? "" : "; " + name(id) + "=$id");
            case Step.Answer(var id, var before, var after) ->
                "cat " + file(before) + "; printf %s \"$" + name(id) + "\"; cat " + file(after + "\n");
            case Step.EndOfInput() -> "cat >rest";
            case Step.Signal _ -> "until [ -n \"$signalled\" ]; do sleep 0.05; done";
        };
        script.append(line).append('\n');
    }

    private static String name(String id) {
        return "id_" + id.replaceAll("\\W", "_");
    }

    private String file(String text) throws IOException {
        String name = "text-" + ++files;
        Files.writeString(directory.resolve(name), text);
        return name;
    }
}
