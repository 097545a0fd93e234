package dev.vibe.runner.bootstrap;

import dev.vibe.runner.bootstrap.cli.Commands;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The runner's {@code main}. */
public final class Main {
    private Main() {}

    /** Runs the runner; with arguments, whatever else they ask for. Then exits the process. */
    public static void main(String[] args) {
        int code = run(List.of(args), TokenPipe.unwrap(System.getenv()), System.out, System.err);
        System.out.flush();
        System.err.flush();
        if (Boolean.getBoolean("vibe.training") || Observers.recording(System.getenv())) {
            // Java writes an ahead-of-time cache, and a flight recording, at an orderly exit only.
            System.exit(code);
        }
        // Not exit: nothing is left that a hook should do, and a hook of a library must not be able to hang us.
        Runtime.getRuntime().halt(code);
    }

    static int run(List<String> args, Map<String, String> environment, PrintStream out, PrintStream err) {
        try {
            if (args.isEmpty()) {
                return Runner.run(RunnerSettings.from(environment)).number();
            }
            if (args.equals(List.of(Leftovers.ARGUMENT))) {
                return Leftovers.end(environment, err);
            }
            if (args.equals(List.of(InstalledAgents.ARGUMENT))) {
                return InstalledAgents.list(environment, out);
            }
            return Commands.run(args, environment, out, err);
        } catch (InvalidSettingsException wrong) {
            err.println("vibe-runner: " + wrong.getMessage());
            return ExitCode.CONFIG.number();
        } catch (RuntimeException | Error failed) {
            // Whatever Java wanted to open then: what it says of that is a stack trace.
            String limit = OpenFiles.reasonOfFailure(Path.of("/proc"));
            if (limit == null) {
                throw failed;
            }
            err.println("vibe-runner: cannot go on: " + limit);
            return ExitCode.CONFIG.number();
        }
    }
}
