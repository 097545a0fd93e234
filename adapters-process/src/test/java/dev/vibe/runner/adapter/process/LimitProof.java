package dev.vibe.runner.adapter.process;

import dev.vibe.runner.domain.EndpointId;
import dev.vibe.runner.domain.ExitStatus;
import dev.vibe.runner.domain.OutputLine;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Ends agents where this user may not have one more thread; a program, since the limit counts all of a user's and does not bind
 * root.
 */
final class LimitProof {
    private static final String AGENT = "echo up; sleep 311 & wait";

    private LimitProof() {}

    public static void main(String[] args) throws Exception {
        // In this order: the other way's gate is opened by a thread that writes, and stays for a moment.
        for (StarterTest.Way way : List.of(StarterTest.Way.SPAWN, StarterTest.Way.JDK)) {
            AgentProcess gone = start(way);
            AgentProcess killed = start(way);
            try (ResourceLimit _ = ResourceLimit.lower(ResourceLimit.PROCESSES, 1)) {
                if (way == StarterTest.Way.SPAWN) {
                    write(gone);
                }
                ProcessHandle.of(gone.pid()).orElseThrow().destroyForcibly();
                killed.kill();
                for (AgentProcess process : List.of(gone, killed)) {
                    ExitStatus status = process.awaitExit();
                    System.out.println(way + " ended with " + status.code() + ", left " + status.survivors());
                }
            }
        }
        try (ResourceLimit _ = ResourceLimit.lower(ResourceLimit.PROCESSES, 1)) {
            VersionProbe probe = new VersionProbe(Map.of(), () -> {}, "none");
            System.out.println("version " + probe.versionOf(Path.of("/usr/bin/env")));
        }
    }

    private static void write(AgentProcess process) throws Exception {
        try {
            process.stdin().write("words");
        } catch (IllegalStateException noThread) {
            System.out.println(noThread.getMessage());
        }
    }

    private static AgentProcess start(StarterTest.Way way) throws Exception {
        ProcFs proc = new ProcFs();
        ProcessStat self =
                Objects.requireNonNull(proc.process(ProcessHandle.current().pid()));
        Launch launch = new Launch(
                "limit",
                List.of("sh", "-c", AGENT),
                Map.of("PATH", "/usr/bin:/bin"),
                Path.of("/"),
                Mark.create(new EndpointId("limit"), self));
        AgentProcess process = AgentProcess.start(launch, new ProcessTable(proc), way.starter());
        process.begin(() -> 4096, LineFilter.NONE, () -> {});
        OutputLine up = Objects.requireNonNull(process.next());
        if (!up.text().equals("up")) {
            throw new AssertionError(up);
        }
        return process;
    }
}
