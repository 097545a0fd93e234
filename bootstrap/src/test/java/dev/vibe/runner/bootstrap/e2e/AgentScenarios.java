package dev.vibe.runner.bootstrap.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.vibe.runner.testkit.talk.Agent;
import dev.vibe.runner.testkit.talk.Conversation;
import dev.vibe.runner.testkit.talk.Turn;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a session of every real agent does, end to end. */
@Timeout(150)
abstract class AgentScenarios {
    private static final Duration SOON = Duration.ofSeconds(30);

    private final Agent agent;
    private @Nullable Stage opened;

    AgentScenarios(Agent agent) {
        this.agent = agent;
    }

    @AfterEach
    void close() {
        if (opened != null) {
            opened.close();
        }
    }

    final Stage open(Map<String, String> settings) throws Exception {
        Stage stage = Stage.open(settings);
        opened = stage;
        return stage;
    }

    @Test
    void holdsAConversationOfTwoTurns() throws Exception {
        Conversation session = open(Map.of()).conversation(agent);

        session.start(Map.of("initialMessage", "first"));
        String first = session.awaitTurn().words();
        String second = session.turn("second").words();

        assertTrue(first.startsWith("echo: first (messages="), first);
        assertTrue(second.startsWith("echo: second (messages="), second);
        assertTrue(messages(second) > messages(first), first + ", then " + second);
        session.stop();
        assertEquals(
                "stopped", session.awaitEvent("session:ended").path("reason").asText());
    }

    @Test
    void goesOnAfterTheRunnerWasKilled() throws Exception {
        Stage stage = open(Map.of());
        Conversation session = stage.conversation(agent);
        session.start(Map.of("initialMessage", "first"));
        String first = session.awaitTurn().words();

        assertTrue(ProcessHandle.of(stage.runner().java()).orElseThrow().destroyForcibly());

        session.awaitMessage(notice("runner-restarted"));
        String second = session.turn("second").words();
        assertTrue(second.startsWith("echo: second (messages="), second);
        assertTrue(messages(second) > messages(first), first + ", then " + second);
        session.stop();
        session.awaitEvent("session:ended");
        assertEquals(List.of(), Marked.of(session.id()));
    }

    @Test
    void goesOnAfterItDiedBetweenTwoTurns() throws Exception {
        Stage stage = open(Map.of());
        Conversation session = stage.conversation(agent);
        session.start(Map.of("initialMessage", "the very first"));
        session.awaitTurn();
        stage.awaitStored("the very first"); // Claude killed within a moment of its first result may not have done so

        assertTrue(Marked.agent(session.id()).destroyForcibly());

        session.awaitMessage(notice("agent-restarted"));
        String second = session.turn("second").words();
        // Not the history: nor has it always stored the last turn.
        assertTrue(second.startsWith("echo: second (messages="), second);
        session.stop();
        session.awaitEvent("session:ended");
    }

    static Predicate<JsonNode> notice(String code) {
        return message -> message.path("type").asText().equals("vibe:notice")
                && message.path("code").asText().equals(code);
    }

    @Test
    void runsATool() throws Exception {
        Conversation session = open(Map.of()).conversation(agent);

        session.start(Map.of());
        Turn turn = session.turn("run [TOOL:echo one-two; pwd]");

        assertTrue(turn.words().startsWith("tool result: "), turn.words());
        assertTrue(turn.words().contains("one-two\n"), turn.words());
    }

    @Test
    void runsAToolThatIsAllowed() throws Exception {
        Stage stage = open(Map.of("VIBE_PERMISSION_MODE", "prompt"));
        Conversation session = stage.conversation(agent);
        session.start(Map.of("initialMessage", "[TOOL:touch allowed.txt]"));

        JsonNode request = session.awaitMessage(agent::asksPermission);
        assertFalse(Files.exists(stage.work.resolve("allowed.txt")));
        session.say(agent.answer(request, true));
        session.awaitTurn();

        assertTrue(Files.exists(stage.work.resolve("allowed.txt")));
    }

    @Test
    void doesNotRunAToolThatIsDenied() throws Exception {
        Stage stage = open(Map.of("VIBE_PERMISSION_MODE", "prompt"));
        Conversation session = stage.conversation(agent);
        session.start(Map.of("initialMessage", "[TOOL:touch denied.txt]"));

        session.say(agent.answer(session.awaitMessage(agent::asksPermission), false));
        session.awaitTurn();

        assertFalse(Files.exists(stage.work.resolve("denied.txt")));
        assertTrue(session.turn("go on").words().startsWith("echo: go on"));
    }

    @Test
    void endsATurnThatIsInterruptedAndGoesOn() throws Exception {
        Stage stage = open(Map.of());
        Conversation session = stage.conversation(agent);
        session.start(Map.of("initialMessage", "[SLOW:1000:100]"));
        stage.model.awaitRequest(request -> request.text().startsWith("[SLOW"), SOON);

        session.interrupt();
        Turn turn = session.awaitTurn();

        assertTrue(agent.interrupted(turn.end()), turn.end()::toString);
        assertTrue(session.turn("again").words().startsWith("echo: again"));
    }

    @Test
    void takesClaudesFormOfAnInterrupt() throws Exception {
        Stage stage = open(Map.of());
        Conversation session = stage.conversation(agent);
        session.start(Map.of("initialMessage", "[SLOW:1000:100]"));
        stage.model.awaitRequest(request -> request.text().startsWith("[SLOW"), SOON);

        session.say(
                Map.of("type", "control_request", "request_id", "int-1", "request", Map.of("subtype", "interrupt")));
        Turn turn = session.awaitTurn();

        assertTrue(agent.interrupted(turn.end()), turn.end()::toString);
    }

    @Test
    void leavesNothingRunningWhenItIsStoppedInATool() throws Exception {
        Stage stage = open(Map.of());
        Conversation session = stage.conversation(agent);
        session.start(Map.of("initialMessage", "[TOOL:setsid nohup sleep 301 & touch started; sleep 300]"));
        stage.awaitFile("started");
        assertTrue(Marked.of(session.id()).stream().anyMatch(process -> process.contains("sleep 301")));

        session.stop();
        JsonNode ended = session.awaitEvent("session:ended");

        assertEquals("stopped", ended.path("reason").asText());
        assertEquals(List.of(), Marked.of(session.id()));
    }

    @Test
    void leavesNothingRunningWhenItIsStoppedWhileStarting() throws Exception {
        Conversation session = open(Map.of()).conversation(agent);

        session.request(Map.of("initialMessage", "never mind"));
        session.stop();

        assertEquals(
                "stopped", session.awaitEvent("session:ended").path("reason").asText());
        assertEquals(List.of(), Marked.of(session.id()));
    }

    @Test
    void takesAMessageDuringATurn() throws Exception {
        Stage stage = open(Map.of());
        Conversation session = stage.conversation(agent);
        session.start(Map.of("initialMessage", "[SLOW:20:100]"));
        stage.model.awaitRequest(request -> request.text().startsWith("[SLOW"), SOON);

        session.say("by the way");

        session.awaitMessage(
                message -> agent.says(message) && agent.words(message).startsWith("echo: by the way"));
    }

    @Test
    void takesEveryFormOfAMessage() throws Exception {
        Conversation session = open(Map.of()).conversation(agent);
        session.start(Map.of());

        assertEchoes(session, Map.of("text", "as text"), "as text");
        assertEchoes(session, Map.of("content", "as content"), "as content");
        assertEchoes(
                session,
                Map.of("type", "user", "message", Map.of("role", "user", "content", "as a user's")),
                "as a user's");
        assertEchoes(session, Map.of("no", "form"), "{\"no\":\"form\"}");
        assertEchoes(
                session,
                "two\nlines and \"quotes\" \u2028 \uD83D\uDE00",
                "two\nlines and \"quotes\" \u2028 \uD83D\uDE00");
    }

    @Test
    void survivesAnErrorOfTheApi() throws Exception {
        Conversation session = open(Map.of()).conversation(agent);
        session.start(Map.of("initialMessage", "[ERROR:400]"));

        Turn turn = session.awaitTurn();

        assertTrue(agent.failed(turn.end()), turn.end()::toString);
        assertTrue(session.turn("again").words().startsWith("echo: again"));
    }

    @Test
    void saysWhichSignalEndedTheAgent() throws Exception {
        Stage stage = open(Map.of());
        Conversation session = stage.conversation(agent);
        session.start(Map.of("initialMessage", "[TOOL:touch started; sleep 300]"));
        stage.awaitFile("started");

        Marked.agent(session.id()).destroyForcibly();
        String error = session.awaitEvent("session:error").path("error").asText();

        assertTrue(error.contains("SIGKILL"), error);
        assertTrue(error.contains(agent.type()), error);
        assertEquals(List.of(), Marked.of(session.id()));
        Conversation next = stage.conversation(agent);
        next.start(Map.of("initialMessage", "next"));
        assertTrue(next.awaitTurn().words().startsWith("echo: next"));
    }

    @Test
    void deliversATurnInOrderAcrossReconnections() throws Exception {
        Stage stage = open(Map.of("VIBE_PARTIAL_MESSAGES", "true", "VIBE_RECONNECT_MIN_MS", "50"));
        Conversation session = stage.conversation(agent);
        session.start(Map.of("initialMessage", "[SLOW:60:100]"));

        session.awaitMessage(agent::partial);
        stage.server.run("closeFrame");
        session.awaitMessage(agent::partial);
        stage.server.run("cut", Map.of("reset", true));
        Turn turn = session.awaitTurn();

        assertTrue(turn.words().endsWith("w58 w59 "), turn.words());
        long connections = stage.server.reports().all().stream()
                .filter(report -> report.path("is").asText().equals("connected"))
                .count();
        assertTrue(connections >= 3, () -> "connections: " + connections);
        JsonNode counts = stage.server.counts(session.id());
        assertEquals(0, counts.path("gaps").asInt(), counts::toString);
        assertEquals(0, counts.path("first").asInt(), counts::toString);
    }

    @Test
    void marksAReplyThatNoFrameTakesAndGoesOn() throws Exception {
        Conversation session = open(Map.of()).conversation(agent);
        session.start(Map.of("initialMessage", "[BIG:3000000]"));

        JsonNode marker = session.awaitMessage(message -> message.has("truncated"));
        session.awaitTurn();

        assertTrue(marker.at("/truncated/bytes").asLong() > 3_000_000, marker::toString);
        assertTrue(marker.at("/truncated/head").asText().contains("xxxx"), marker::toString);
        assertTrue(session.turn("again").words().startsWith("echo: again"));
    }

    @Test
    void endsItsSessionsOnSigterm() throws Exception {
        Stage stage = open(Map.of());
        Conversation session = stage.conversation(agent);
        session.start(Map.of("initialMessage", "[TOOL:touch started; sleep 300]"));
        stage.awaitFile("started");

        stage.runner().terminate();

        assertEquals(
                "shutdown", session.awaitEvent("session:ended").path("reason").asText());
        stage.server.awaitEvent("endpoint:unregister", SOON);
        assertEquals(0, stage.runner().awaitExit(SOON), stage.runner().log());
        assertEquals(List.of(), Marked.of(session.id()));
    }

    private static void assertEchoes(Conversation session, Object message, String text) throws InterruptedException {
        String words = session.turn(message).words();
        assertTrue(words.startsWith("echo: " + text + " (messages="), words);
    }

    private static int messages(String echo) {
        return Integer.parseInt(echo.replaceAll(".*messages=(\\d+).*", "$1"));
    }
}
