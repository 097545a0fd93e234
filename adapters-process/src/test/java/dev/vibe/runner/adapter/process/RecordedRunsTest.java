package dev.vibe.runner.adapter.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.vibe.runner.application.port.out.AgentPort;
import dev.vibe.runner.application.port.out.SessionRequest;
import dev.vibe.runner.domain.Channel;
import dev.vibe.runner.domain.EndpointId;
import dev.vibe.runner.domain.ExitStatus;
import dev.vibe.runner.domain.SessionId;
import dev.vibe.runner.testkit.Running;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every recording of the real agents' stdio, played by a real process to the adapter as it is used. */
@Timeout(60)
class RecordedRunsTest {
    private final Path directory;

    RecordedRunsTest(@TempDir Path directory) {
        this.directory = directory;
    }

    static Stream<String> recordings() throws Exception {
        Path folder = Path.of(Objects.requireNonNull(RecordedRunsTest.class.getResource("/recordings"))
                .toURI());
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString().replace(".jsonl", "")).sorted().toList().stream();
        }
    }

    @Test
    void areAllHere() throws Exception {
        assertEquals(57, recordings().count());
    }

    @ParameterizedTest
    @MethodSource("recordings")
    void arriveByteForByteAndEndAsTheyWereRecorded(String name) throws Exception {
        RecordedRun run = RecordedRun.of(name);
        AgentPort port = port(run);
        SessionRequest request = new SessionRequest(new SessionId("s-1"), new EndpointId("e-1"), null);
        try (Running running = Running.launch(port, request.resuming(run.resumed))) {
            play(run, running);
            ExitStatus status = running.end();
            assertEquals(run.texts(Channel.STDOUT), running.texts(Channel.STDOUT));
            assertEquals(run.texts(Channel.STDERR), running.texts(Channel.STDERR));
            assertEquals(new ExitStatus(run.exit, List.of()), status);
            assertEquals(run.completed, running.agent().completedTurns());
            assertEquals(run.completed > 0 && !run.underWay, running.agent().betweenTurns());
            if (run.resumed != null) {
                assertEquals(run.resumed, running.agent().agentSessionId());
                String argv = Files.readString(directory.resolve("argv"));
                assertTrue(!run.claude || argv.contains("--resume\n" + run.resumed + "\n"), argv);
            }
        }
    }

    /** Each part of the runner's comes when all has arrived that the agent had said before it. */
    private static void play(RecordedRun run, Running running) throws Exception {
        List<String> before = new ArrayList<>();
        for (Step step : run.steps) {
            if (!(step instanceof Step.Line) && !before.isEmpty()) {
                running.await(_ -> true, before.size());
            }
            switch (step) {
                case Step.Line(var _, var text) -> before.add(text);
                case Step.Heard(var _, var _, var act) -> act.on(running);
                case Step.Answer _ -> {}
                case Step.EndOfInput _ -> running.agent().stop(Running.PATIENCE);
                case Step.Signal(var signal) ->
                    assertEquals(
                            0,
                            new ProcessBuilder(
                                            "sh",
                                            "-c",
                                            "kill -s " + signal + " "
                                                    + running.agent().pid())
                                    .start()
                                    .waitFor());
            }
        }
    }

    private AgentPort port(RecordedRun run) throws Exception {
        if (run.claude && run.resumed != null) {
            Path stored = directory.resolve(".claude/projects/here");
            Files.createDirectories(stored);
            Files.writeString(
                    stored.resolve(run.resumed + ".jsonl"), "{\"type\":\"user\"}\n"); // one without a message is none
        }
        AgentCommand command = new AgentCommand(ReplayScript.write(run, directory), List.of());
        Map<String, String> environment =
                Map.of("PATH", System.getenv().getOrDefault("PATH", "/usr/bin:/bin"), "HOME", directory.toString());
        ProcessSettings defaults = ProcessSettings.defaults(environment, directory);
        ProcessSettings settings = new ProcessSettings(
                environment,
                defaults.privateNames(),
                directory,
                null,
                defaults.permissions(),
                true,
                defaults.maxLineBytes(),
                defaults.transportLineBytes(),
                defaults.runnerVersion(),
                defaults.beforeStart(),
                command,
                command);
        return run.claude ? ProcessAgents.claude(settings) : ProcessAgents.codex(settings);
    }
}
