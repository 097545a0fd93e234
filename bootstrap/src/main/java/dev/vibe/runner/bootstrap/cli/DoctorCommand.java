package dev.vibe.runner.bootstrap.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.vibe.runner.bootstrap.doctor.Doctor;
import dev.vibe.runner.bootstrap.doctor.Finding;
import dev.vibe.runner.bootstrap.doctor.Finding.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.logging.LogManager;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code vibe-runner doctor}. */
@Command(
        name = "doctor",
        header = "Looks whether the runner would work here, and says what to do where it would not.",
        description = {
            "Checks, with the settings of the environment and the runner's own code:%n"
                    + "%n"
                    + "  settings   all of them make sense%n"
                    + "  name, tcp, proxy, tls   the way to the server (VIBE_SERVER_URL, proxy variables, VIBE_CA_FILE)%n"
                    + "  path       the server makes a WebSocket of it%n"
                    + "  clock      against the server's%n"
                    + "  token, protocol   the server registers this token and confirms deliveries%n"
                    + "  agents     found, version, something to log in with; each starts and answers its handshake%n"
                    + "  directories, disk, memory%n",
            "One line for each: ok, WARN, FAIL or -- for what was not looked at, and what to do. It registers as an endpoint"
                    + " of a name of its own that offers no agent, and leaves again, so a runner that runs is not"
                    + " disturbed. No model is asked anything."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {" 0:all fine; warnings do not count", " 1:something failed", "64:wrong arguments"},
        footerHeading = "%nExamples:%n",
        footer = {
            "  vibe-runner doctor",
            "  vibe-runner doctor --no-register --no-start",
            "  vibe-runner doctor --json | jq -r '.checks[] | select(.verdict == \"fail\") | .text'"
        })
final class DoctorCommand implements Callable<Integer> {
    private final Console console;

    @Option(
            names = "--json",
            description = "Write one JSON object: ok, and the checks with verdict, text, milliseconds.")
    boolean json;

    @Option(names = "--no-register", negatable = false, description = "Connect to the server, but do not register.")
    boolean noRegister;

    @Option(names = "--no-start", negatable = false, description = "Do not start agents.")
    boolean noStart;

    DoctorCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws InterruptedException {
        // The parts that are tried out log what the findings say.
        LogManager.getLogManager().reset();
        List<Finding> findings = new ArrayList<>();
        new Doctor(console.environment(), new Doctor.Options(!noRegister, !noStart), finding -> {
                    findings.add(finding);
                    if (!json) {
                        console.out().println(line(finding));
                    }
                })
                .examine();
        boolean good = findings.stream().noneMatch(finding -> finding.verdict() == Verdict.FAIL);
        if (json) {
            console.out().println(json(findings, good));
        }
        return good ? 0 : Console.FAILED;
    }

    private static String line(Finding finding) {
        String verdict = switch (finding.verdict()) {
            case OK -> "ok";
            case WARN -> "WARN";
            case FAIL -> "FAIL";
            case SKIP -> "--";
        };
        return String.format("%-4s  %-17s  %s", verdict, finding.check(), Words.clean(finding.text()));
    }

    private static ObjectNode json(List<Finding> findings, boolean good) {
        ObjectNode all = Runners.JSON.createObjectNode().put("ok", good);
        ArrayNode checks = all.putArray("checks");
        for (Finding finding : findings) {
            checks.addObject()
                    .put("check", finding.check())
                    .put("verdict", finding.verdict().name().toLowerCase(Locale.ROOT))
                    .put("text", finding.text())
                    .put("millis", finding.millis());
        }
        return all;
    }
}
