package dev.vibe.runner.bootstrap;

import java.io.PrintStream;
import java.util.List;
import java.util.Map;

/** The runner's {@code main}. */
public final class Main {
    private Main() {}

    /** Runs the runner, or answers {@code --help}, {@code --version}, {@code --print-config}; then exits the process. */
    public static void main(String[] args) {
        int code = run(List.of(args), TokenPipe.unwrap(System.getenv()), System.out, System.err);
        System.out.flush();
        System.err.flush();
        if (Boolean.getBoolean("vibe.training")) {
            // The build's training run: Java writes its ahead-of-time cache at an orderly exit only.
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
            return args.size() == 1 ? option(args.getFirst(), environment, out, err) : unknown(args, err);
        } catch (InvalidSettingsException wrong) {
            err.println("vibe-runner: " + wrong.getMessage());
            return ExitCode.CONFIG.number();
        }
    }

    private static int option(String option, Map<String, String> environment, PrintStream out, PrintStream err)
            throws InvalidSettingsException {
        switch (option) {
            case "--help", "-h" -> out.print(Help.text(BuildInfo.load()));
            case "--version", "-V" ->
                out.println("vibe-runner " + BuildInfo.load().version());
            case "--print-config" -> {
                SettingsReader reader = new SettingsReader(environment);
                RunnerSettings.from(environment, reader);
                reader.effective().forEach((name, value) -> out.println(name + "=" + value));
            }
            default -> {
                return unknown(List.of(option), err);
            }
        }
        return ExitCode.OK.number();
    }

    private static int unknown(List<String> args, PrintStream err) {
        err.println("vibe-runner: unknown argument: " + String.join(" ", args)
                + "\nvibe-runner --help lists what there is.");
        return ExitCode.USAGE.number();
    }
}
