package dev.vibe.runner.bootstrap.cli;

import dev.vibe.runner.bootstrap.ExitCode;
import dev.vibe.runner.bootstrap.InvalidSettingsException;
import dev.vibe.runner.bootstrap.NearestName;
import dev.vibe.runner.bootstrap.Setting;
import dev.vibe.runner.bootstrap.SettingsTable;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.UnmatchedArgumentException;

/** Everything the command line can do but the plain run. */
public final class Commands {
    private static final int WIDTH = 110;
    private static final String INDENT = "      ";

    private Commands() {}

    /** Does what the arguments say and returns the exit code. */
    public static int run(List<String> args, Map<String, String> environment, PrintStream out, PrintStream err) {
        Console console = new Console(environment, out, err);
        CommandLine line = line(console);
        Optional<String> unknown = unknownCommand(args, line.getSubcommands().keySet());
        if (unknown.isPresent()) {
            console.err().println("vibe-runner: " + noSuchCommand(unknown.get(), line));
            return ExitCode.USAGE.number();
        }
        return line.execute(args.toArray(String[]::new));
    }

    /** Picocli takes such a word for an argument of the command line itself, and shows that one's help if --help stands behind it. */
    private static Optional<String> unknownCommand(List<String> args, Set<String> commands) {
        return args.stream()
                .skip(!args.isEmpty() && args.getFirst().equals("help") ? 1 : 0)
                .findFirst()
                .filter(word -> !word.startsWith("-") && !commands.contains(word));
    }

    private static String noSuchCommand(String word, CommandLine line) {
        List<String> known = new ArrayList<>(line.getSubcommands().keySet());
        known.addAll(line.getCommandSpec().optionsMap().keySet());
        return "there is no command \"" + Words.clean(word) + "\"; "
                + NearestName.of(word, known)
                        .map(near -> "did you mean " + near + "?")
                        .orElse("without one the runner runs, and vibe-runner --help lists them");
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
            // Wrapped here: Picocli breaks URLs too.
            for (String text :
                    List.of(setting.meaning(), setting.allowed() + "; default: " + setting.fallbackShown())) {
                Words.wrap(text, WIDTH - INDENT.length()).forEach(line -> lines.add(INDENT + line));
            }
        }
        // Picocli reads % as a directive.
        return lines.stream().map(text -> text.replace("%", "%%")).toArray(String[]::new);
    }

    private static IParameterExceptionHandler misunderstood(Console console) {
        return (wrong, _) -> {
            CommandSpec of = wrong.getCommandLine().getCommandSpec();
            String said =
                    wrong instanceof UnmatchedArgumentException unmatched ? unknown(unmatched, of) : wrong.getMessage();
            console.err().println("vibe-runner: " + said);
            console.err().println(of.qualifiedName() + " --help lists what there is.");
            return ExitCode.USAGE.number();
        };
    }

    private static String unknown(UnmatchedArgumentException wrong, CommandSpec of) {
        String word = wrong.getUnmatched().getFirst();
        String what = (word.startsWith("-") ? "there is no option \"" : "there is one argument too many: \"")
                + Words.clean(word)
                + '"';
        return NearestName.of(word, of.optionsMap().keySet())
                .map(near -> what + "; did you mean " + near + "?")
                .orElse(what);
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
