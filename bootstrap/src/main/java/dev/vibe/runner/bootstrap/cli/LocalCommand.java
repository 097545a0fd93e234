package dev.vibe.runner.bootstrap.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code vibe-runner local}, for help and completion: the launcher starts it with a class path of its own, without this. */
@Command(
        name = "local",
        header = "A server with a console, and a runner, on this machine.",
        description = {
            "Starts a vibe-server for this machine on 127.0.0.1, a runner connected to it, and prints the address of a console"
                    + " page. Offers Claude Code and Codex where they are installed, else a scripted agent that needs no key."
                    + " Agents work in the current directory, and ask in the console before they use a tool"
                    + " (VIBE_PERMISSION_MODE=bypass: they do not ask).%n",
            "The runner's settings are variables of the environment (vibe-runner --help), less the server's address and token."
                    + " VIBE_AUTH_TOKEN, where it is set, is the token the server expects."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            " 0:a clean end, by Ctrl-C or SIGTERM",
            " 1:no port is free",
            "64:wrong arguments",
            "78:wrong settings of the runner; other codes are the runner's too"
        },
        footerHeading = "%nExamples:%n",
        footer = {"  vibe-runner local", "  vibe-runner local --port 4000 --no-runner"})
final class LocalCommand implements Callable<Integer> {
    private final Console console;

    @Option(
            names = "--port",
            paramLabel = "N",
            description = "The port of the server; the next free one is taken if it is in use. Default: 3005.")
    int port;

    @Option(names = "--no-runner", description = "Only the server; prints what a runner is started with.")
    boolean noRunner;

    LocalCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        return console.fail("local is started by the launcher, bin/vibe-runner");
    }
}
