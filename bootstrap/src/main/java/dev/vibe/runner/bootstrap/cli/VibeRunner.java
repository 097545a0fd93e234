package dev.vibe.runner.bootstrap.cli;

import dev.vibe.runner.bootstrap.BuildInfo;
import dev.vibe.runner.bootstrap.InvalidSettingsException;
import dev.vibe.runner.bootstrap.RunnerSettings;
import dev.vibe.runner.bootstrap.SettingsReader;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The command itself, when it has arguments. */
@Command(
        name = "vibe-runner",
        header = "Runs Claude Code and Codex sessions for a vibe-server.",
        customSynopsis = {
            "vibe-runner                    connect to the server and run sessions until SIGTERM or SIGINT",
            "       vibe-runner COMMAND [OPTIONS]  look into a running one, or look why it would not run",
            "       vibe-runner local [OPTIONS]    a server with a console, and a runner, on this machine"
        },
        commandListHeading = "%nCommands (vibe-runner COMMAND --help says more):%n",
        optionListHeading = "%nOptions:%n",
        descriptionHeading = "%n",
        description = {
            "Settings are variables of the environment. Only VIBE_SERVER_URL and a token are required, and only for a run;"
                    + " doctor and --print-config say where they are missing."
        },
        footerHeading = "%nSettings:%n",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            " 0:a clean end",
            " 1:a command found nothing, or a check failed",
            "64:unknown arguments",
            "70:a bug of the runner",
            "71:the runner could not start",
            "75:another runner of this endpoint runs with this state directory",
            "77:the server refused the token for the whole grace period",
            "78:wrong settings (all of them are named at once)"
        })
final class VibeRunner implements Callable<Integer> {
    private final Console console;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this.")
    boolean help;

    @Option(
            names = {"-V", "--version"},
            description = "Show the version.")
    boolean version;

    @Option(names = "--print-config", description = "Show the settings in force, secrets masked.")
    boolean printConfig;

    VibeRunner(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws InvalidSettingsException {
        if (version) {
            console.out().println("vibe-runner " + BuildInfo.load().version());
        }
        if (printConfig) {
            SettingsReader reader = new SettingsReader(console.environment());
            try {
                var _ = RunnerSettings.from(console.environment(), reader);
            } finally { // what is wrong is said below all that was read
                reader.effective().forEach((name, value) -> console.out().println(name + "=" + value));
            }
        }
        return 0;
    }
}
