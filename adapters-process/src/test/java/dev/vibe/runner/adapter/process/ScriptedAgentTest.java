package dev.vibe.runner.adapter.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.vibe.runner.application.port.out.AgentGoneException;
import dev.vibe.runner.application.port.out.AgentPort;
import dev.vibe.runner.application.port.out.RunningAgent;
import dev.vibe.runner.application.port.out.SessionRequest;
import dev.vibe.runner.domain.Channel;
import dev.vibe.runner.domain.EndpointId;
import dev.vibe.runner.domain.ExitStatus;
import dev.vibe.runner.domain.SessionId;
import dev.vibe.runner.domain.UserMessage;
import dev.vibe.runner.testkit.Running;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScriptedAgentTest {
    private final AgentPort port;
    private final Path directory;

    ScriptedAgentTest(@TempDir Path directory) {
        this.directory = directory;
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
            running.agent().stop(Duration.ofSeconds(5));
            assertEquals(ExitStatus.of(0), running.end());
            assertEquals(List.of(), running.texts(Channel.STDERR));
        }
    }

    @Test
    void whatOnlyBeginsLikeACommandIsSaidBack() throws Exception {
        List<String> words = List.of(
                "sleep well",
                "sleep",
                "flood x",
                "exit now",
                "exit",
                "chatter",
                "crash the party",
                "child care",
                "daemon",
                "pid please",
                "bytes are cheap");
        try (Running running = Running.ready(port)) {
            running.say(String.join("\n", words)).await(line -> line.contains("\"type\":\"result\""));
            String said = String.join("\n", running.texts(Channel.STDOUT));
            words.forEach(word -> assertTrue(said.contains("\"echo: " + word + "\""), () -> word + " in " + said));
            assertEquals(List.of(), running.texts(Channel.STDERR));
        }
    }

    /** The example of docs/scripted-agent.md. */
    @Test
    void asksForPermissionAndSaysTheAnswerBack() throws Exception {
        String question =
                "{\"type\":\"control_request\",\"request_id\":\"ask-1\",\"request\":{\"subtype\":\"can_use_tool\","
                        + "\"tool_name\":\"Bash\",\"input\":{\"command\":\"ls\"}}}";
        String answer = "{\"type\":\"control_response\",\"response\":{\"subtype\":\"success\",\"request_id\":\"ask-1\","
                + "\"response\":{\"behavior\":\"allow\"}}}";
        try (Running running = Running.ready(port)) {
            running.say("raw " + question).await(line -> line.equals(question));
            running.sendJson(answer)
                    .await(line -> line.contains("echo: {") && line.contains("ask-1") && line.contains("allow"));
        }
    }

    @Test
    void anInterruptEndsTheTurnAndKeepsTheSession() throws Exception {
        try (Running running = Running.ready(port)) {
            running.say("say begun\nsleep 600000\nsay never").await(line -> line.contains("begun"));
            running.agent().interrupt();
            running.await(line -> line.contains("error_during_execution"));
            running.say("say after").await(line -> line.contains("after"));
            running.say("say begun2\nsleep 600000").await(line -> line.contains("begun2"));
            running.sendJson(
                            "{\"type\":\"control_request\",\"request_id\":\"x\",\"request\":{\"subtype\":\"interrupt\"}}")
                    .await(line -> line.contains("error_during_execution"), 2);
        }
    }

    @Test
    void linesWrittenInPiecesArriveWhole() throws Exception {
        try (Running running = Running.ready(port)) {
            running.say("split").await(line -> line.equals("{\"type\":\"split\",\"text\":\"grüß \uD83D\uDE80 你好\"}"));
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

    @Test
    void whatAScriptLeavesBehindIsGoneWithIt() throws Exception {
        try (Running running = Running.ready(port)) {
            running.say("child 311\ndaemon 312\ndaemon 313 hold\nignore-term\npid")
                    .await(line -> line.contains("result"));
            running.agent().stop(Duration.ofMillis(200));
            assertEquals(List.of(), running.end().survivors());
        }
        List<String> left = ProcessHandle.allProcesses()
                .map(process -> process.info().commandLine().orElse(""))
                .filter(command -> command.matches("sleep 31[123]"))
                .toList();
        assertEquals(List.of(), left);
    }

    @Test
    void anAgentThatIgnoresEverythingIsEndedByForceAfterTheGrace() throws Exception {
        try (Running running = Running.ready(port)) {
            running.say("noread\nignore-term").await(line -> line.contains("result"));
            running.agent().stop(Duration.ofMillis(100));
            assertEquals("was ended by signal 9 (SIGKILL)", running.end().describe());
        }
    }

    @Test
    void aMessageToAnAgentThatDoesNotReadWaitsAndCanBeGivenUp() throws Exception {
        try (Running running = Running.ready(port)) {
            running.say("noread").await(line -> line.contains("result"));
            running.say("the line that is read before it notices");
            AtomicReference<String> end = new AtomicReference<>("");
            Thread sender = Thread.ofVirtual().start(() -> {
                try {
                    while (true) {
                        running.say("x".repeat(100_000));
                    }
                } catch (InterruptedException e) {
                    end.set("interrupted");
                } catch (Exception e) {
                    end.set(e.toString());
                }
            });
            boolean stuck = false;
            long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
            Thread.State before = Thread.State.RUNNABLE;
            while (!stuck && System.nanoTime() < deadline) {
                Thread.sleep(300);
                stuck = before == Thread.State.WAITING && sender.getState() == Thread.State.WAITING;
                before = sender.getState();
            }
            sender.interrupt();
            sender.join();
            assertEquals("interrupted", end.get());
            running.agent().stop(Duration.ofMillis(100));
            assertEquals(List.of(), running.end().survivors());
            assertThrows(AgentGoneException.class, () -> running.say("too late"));
        }
    }

    @Test
    void aStopWhileNobodyReadsTheOutputStillEndsIt() throws Exception {
        RunningAgent agent = port.launch(new SessionRequest(new SessionId("s"), new EndpointId("e"), null));
        Thread starter = Thread.ofPlatform().daemon().start(() -> {
            try {
                agent.awaitReady(Duration.ofSeconds(30));
                agent.send(new UserMessage.Text("flood 1000000 1000"));
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
        starter.join();
        Thread.sleep(300);
        agent.stop(Duration.ofMillis(200));
        long lines = 0;
        while (agent.next() != null) {
            lines++;
        }
        assertTrue(lines < 1_000_000, "it was slowed down");
        assertEquals(List.of(), agent.awaitExit().survivors());
    }

    @Test
    void anAgentThatClosesItsOutputsIsNotTakenForGone() throws Exception {
        try (Running running = Running.ready(port)) {
            running.say("say last\nclose-stdout\nsleep 700\nexit 9").await(line -> line.contains("last"));
            assertEquals(ExitStatus.of(9), running.end());
        }
    }

    @Test
    void itRunsWhereAndWithWhatItWasTold() throws Exception {
        try (Running running = Running.ready(port)) {
            running.say("env VIBE_SESSION_ID\nenv VIBE_AUTH_TOKEN\ncwd")
                    .await(line -> line.contains("VIBE_SESSION_ID=s-1"));
            running.await(line -> line.contains("VIBE_AUTH_TOKEN is not set"));
            running.await(line -> line.contains(directory.getFileName().toString()));
        }
    }
}
