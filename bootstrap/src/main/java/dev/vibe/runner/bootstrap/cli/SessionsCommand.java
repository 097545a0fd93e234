package dev.vibe.runner.bootstrap.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import picocli.CommandLine.Command;

/** {@code vibe-runner sessions}. */
@Command(
        name = "sessions",
        header = "The sessions of the running runner.",
        description = {
            "A line for each session that holds a slot:%n"
                    + "%n"
                    + "  STATE        starting, running or stopping%n"
                    + "  TURN         how long the turn under way has taken; \"waits\": the agent waits for an answer of the"
                    + " server's, e.g. to a permission prompt; -: between turns%n"
                    + "  PID          the agent's main process%n"
                    + "  MEMORY, CPU  of all its processes together%n"
                    + "  LINES, BYTES that the agent wrote for the server%n"
                    + "  QUEUE        messages that wait for the agent%n"
                    + "  UNCONFIRMED  events that the server has not confirmed"
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {" 0:a runner answered", " 1:none did", "64:wrong arguments"},
        footerHeading = "%nExamples:%n",
        footer = {"  vibe-runner sessions", "  vibe-runner sessions --json | jq '.sessions[] | {id, memoryBytes}'"})
final class SessionsCommand extends RunnerCommand {
    SessionsCommand(Console console) {
        super(console);
    }

    @Override
    int show(List<JsonNode> runners) {
        for (JsonNode runner : runners) {
            if (runners.size() > 1) {
                console.out()
                        .println("endpoint "
                                + Words.clean(runner.path("endpoint").asText()));
            }
            if (runner.path("sessions").isEmpty()) {
                console.out().println("no sessions");
            } else {
                console.out().print(SessionsText.table(runner.path("sessions")));
            }
        }
        return 0;
    }
}
