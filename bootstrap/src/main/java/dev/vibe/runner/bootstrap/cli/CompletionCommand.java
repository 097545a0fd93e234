package dev.vibe.runner.bootstrap.cli;

import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code vibe-runner completion}. */
@Command(
        name = "completion",
        header = "The script that lets a shell complete this command.",
        description = {"Writes a script for bash, which zsh reads too, to stdout."},
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {" 0:written", "64:another shell was named"},
        footerHeading = "%nExamples:%n",
        footer = {
            "  source <(vibe-runner completion bash)",
            "  vibe-runner completion bash > /etc/bash_completion.d/vibe-runner",
            "  vibe-runner completion zsh > ~/.vibe-runner.zsh; echo 'source ~/.vibe-runner.zsh' >> ~/.zshrc"
        })
final class CompletionCommand implements Callable<Integer> {
    /** The shells there is a script for. */
    enum Shell {
        /** GNU bash. */
        bash,
        /** zsh, which reads bash's completions. */
        zsh
    }

    private final Console console;

    @Parameters(paramLabel = "SHELL", description = "One of ${COMPLETION-CANDIDATES}.")
    Shell shell = Shell.bash;

    @Spec
    CommandSpec spec = CommandSpec.create();

    CompletionCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        CommandLine root = spec.root().commandLine();
        console.out().print(AutoComplete.bash(root.getCommandName(), root));
        return 0;
    }
}
