package dev.vibe.runner.bootstrap.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import picocli.CommandLine.Command;

/** {@code vibe-runner status}. */
@Command(
        name = "status",
        header = "How the running runner is.",
        description = {
            "Asks the runners of this user through their Unix sockets in the state directory (VIBE_STATE_DIR) and shows the"
                    + " connection to the server and its history, the agents, the sessions, what waits for delivery, and"
                    + " the last warnings and errors. It changes nothing, and needs neither token nor server."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {" 0:a runner answered", " 1:none did", "64:wrong arguments"},
        footerHeading = "%nExamples:%n",
        footer = {
            "  vibe-runner status",
            "  vibe-runner status --endpoint e2b-1234",
            "  vibe-runner status --json | jq .connection.state",
            "  watch vibe-runner status"
        })
final class StatusCommand extends RunnerCommand {
    StatusCommand(Console console) {
        super(console);
    }

    @Override
    int show(List<JsonNode> runners) {
        String between = "";
        for (JsonNode runner : runners) {
            console.out().print(between + StatusText.of(runner));
            between = "\n";
        }
        return 0;
    }
}
