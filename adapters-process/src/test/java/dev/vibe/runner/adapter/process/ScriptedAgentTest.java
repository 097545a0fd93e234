package dev.vibe.runner.adapter.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.vibe.runner.application.port.out.AgentPort;
import dev.vibe.runner.domain.Channel;
import dev.vibe.runner.domain.ExitStatus;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScriptedAgentTest {
    private final AgentPort port;

    ScriptedAgentTest(@TempDir Path directory) {
        port = ProcessAgents.scripted(ProcessSettings.defaults(System.getenv(), directory));
    }

    @BeforeEach
    void isThere() {
        assertTrue(port.detect().isPresent());
    }

    @Test
    void answersSeveralTurnsAndExitsWithZeroWhenStopped() throws Exception {
        try (Running running = Running.ready(port)) {
            running.say("hello").await(line -> line.contains("echo: hello"));
            running.sendJson("{\"content\":[{\"type\":\"text\",\"text\":\"say again\"}]}")
                    .await(line -> line.contains("\"text\":\"again\""));
            running.await(line -> line.contains("\"type\":\"result\""), 2);
            running.agent.stop(Duration.ofSeconds(5));
            assertEquals(ExitStatus.of(0), running.end());
            assertEquals(List.of(), running.texts(Channel.STDERR));
        }
    }

    @Test
    void anInterruptEndsTheTurnAndKeepsTheSession() throws Exception {
        try (Running running = Running.ready(port)) {
            running.say("say begun\nsleep 600000\nsay never").await(line -> line.contains("begun"));
            running.agent.interrupt();
            running.await(line -> line.contains("error_during_execution"));
            running.say("say after").await(line -> line.contains("after"));
            running.say("say begun2\nsleep 600000").await(line -> line.contains("begun2"));
            running.sendJson("{\"type\":\"control_request\",\"request_id\":\"x\",\"request\":{\"subtype\":\"interrupt\"}}")
                    .await(line -> line.contains("error_during_execution"), 2);
        }
    }

    @Test
    void linesWrittenInPiecesArriveWhole() throws Exception {
        try (Running running = Running.ready(port)) {
            running.say("split")
                    .await(line -> line.equals("{\"type\":\"split\",\"text\":\"grüß \uD83D\uDE80 你好\"}"));
        }
    }

    @Test
    void aFloodArrivesWholeAndInOrder() throws Exception {
        int lines = 20_000;
        try (Running running = Running.ready(port)) {
            running.say("flood " + lines + " 300").await(line -> line.contains("\"type\":\"result\""));
            List<Long> numbers = running.texts(Channel.STDOUT).stream()
                    .filter(line -> line.startsWith("{\"type\":\"flood\""))
                    .map(line -> Long.valueOf(line.replaceAll(".*\"n\":(\\d+),.*", "$1")))
                    .toList();
            assertEquals(LongStream.range(0, lines).boxed().toList(), numbers);
        }
    }

    @Test
    void exitCodesAndSignalsAreTold() throws Exception {
        try (Running running = Running.ready(port)) {
            running.say("stderr oh no\nexit 3");
            assertEquals(ExitStatus.of(3), running.end());
            assertEquals(List.of("oh no"), running.texts(Channel.STDERR));
        }
        try (Running running = Running.ready(port)) {
            running.say("crash");
            assertEquals("was ended by signal 9 (SIGKILL)", running.end().describe());
        }
    }
}
