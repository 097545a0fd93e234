package dev.vibe.runner.bootstrap.cli;

import dev.vibe.runner.bootstrap.ExitCode;
import dev.vibe.runner.bootstrap.InvalidSettingsException;
import dev.vibe.runner.bootstrap.Setting;
import dev.vibe.runner.bootstrap.SettingsTable;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.UnmatchedArgumentException;

/** Everything the command line can do but the plain run. */
public final class Commands {
    private static final int WIDTH = 110;

    private Commands() {}

    /** Does what the arguments say and returns the exit code. */
    public static int run(List<String> args, Map<String, String> environment, PrintStream out, PrintStream err) {
        return line(new Console(environment, out, err)).execute(args.toArray(String[]::new));
    }

    static CommandLine line(Console console) {
        CommandLine line = new CommandLine(new VibeRunner(console))
                .addSubcommand(new DoctorCommand(console))
                .addSubcommand(new StatusCommand(console))
                .addSubcommand(new SessionsCommand(console))
                .addSubcommand(new LogsCommand(console))
                .addSubcommand(new ReplayCommand(console))
                .addSubcommand(new LocalCommand(console))
                .addSubcommand(new CompletionCommand(console))
                .addSubcommand(new HelpCommand());
        for (CommandLine each : line.getSubcommands().values()) {
            if (!(each.getCommandSpec().userObject() instanceof HelpCommand)) {
                each.getCommandSpec().addOption(help());
            }
            each.getCommandSpec().usageMessage().descriptionHeading("%n").optionListHeading("%nOptions:%n");
        }
        line.getCommandSpec().usageMessage().footer(settings());
        line.setOut(new PrintWriter(console.out(), true, StandardCharsets.UTF_8));
        line.setErr(new PrintWriter(console.err(), true, StandardCharsets.UTF_8));
        line.setUsageHelpWidth(WIDTH);
        line.setColorScheme(Help.defaultColorScheme(Help.Ansi.OFF));
        line.setParameterExceptionHandler(misunderstood(console));
        line.setExecutionExceptionHandler(failed(console));
        return line;
    }

    private static CommandLine.Model.OptionSpec help() {
        return CommandLine.Model.OptionSpec.builder("-h", "--help")
                .usageHelp(true)
                .description("Show this.")
                .build();
    }

    private static String[] settings() {
        List<String> lines = new ArrayList<>();
        for (Setting<?> setting : SettingsTable.ALL) {
            lines.add("  " + setting.name());
            lines.add("      " + setting.meaning());
            lines.add("      " + setting.allowed() + "; default: " + setting.fallbackShown());
        }
        // Picocli reads % as a directive.
        return lines.stream().map(text -> text.replace("%", "%%")).toArray(String[]::new);
    }

    private static IParameterExceptionHandler misunderstood(Console console) {
        return (wrong, _) -> {
            console.err().println("vibe-runner: " + wrong.getMessage());
            if (!UnmatchedArgumentException.printSuggestions(
                    wrong, new PrintWriter(console.err(), true, StandardCharsets.UTF_8))) {
                CommandLine of = wrong.getCommandLine();
                console.err().println(of.getCommandSpec().qualifiedName() + " --help lists what there is.");
            }
            return ExitCode.USAGE.number();
        };
    }

    private static IExecutionExceptionHandler failed(Console console) {
        return (failure, _, _) -> switch (failure) {
            case InvalidSettingsException wrong -> {
                console.err().println("vibe-runner: " + wrong.getMessage());
                yield ExitCode.CONFIG.number();
            }
            case IOException broken -> console.fail(broken.toString());
            default -> throw failure;
        };
    }
}
