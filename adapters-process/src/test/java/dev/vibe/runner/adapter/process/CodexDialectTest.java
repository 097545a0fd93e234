package dev.vibe.runner.adapter.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.vibe.runner.domain.UserMessage;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class CodexDialectTest {
    private final FakeHost host = new FakeHost();
    private final CodexDialect dialect = new CodexDialect(
            host,
            Path.of("/home/user/project"),
            ProcessSettings.defaults(Map.of(), Path.of("/home/user/project")),
            null,
            List.of());

    @ParameterizedTest
    @ValueSource(
            strings = {
                "codex-appserver-two-turn",
                "codex-appserver-approval",
                "codex-appserver-interrupt",
                "codex-appserver-refused"
            })
    void aRecordedConversationIsHeldAgainAndPassesWithoutTheRunnersOwn(String name) throws Exception {
        Map<String, String> ours = new HashMap<>();
        List<String> expected = new ArrayList<>();
        List<String> passed = new ArrayList<>();
        for (Recording.Line line : Recording.of(name).lines()) {
            if (line.direction().equals("in") && line.text().startsWith("{")) {
                hold(Json.read(line.text()), ours);
            } else if (line.direction().equals("out")) {
                JsonNode said = Json.read(line.text());
                String id = ours.get(said.path("id").asText());
                if (id != null && !said.has("method")) {
                    ((ObjectNode) said).put("id", id);
                    assertNull(dialect.heard(said.toString()));
                    continue;
                }
                if (!said.path("method").asText().endsWith("elta")) {
                    expected.add(line.text());
                }
                String forwarded = dialect.heard(line.text());
                if (forwarded != null) {
                    passed.add(forwarded);
                }
            }
        }
        assertTrue(host.ready);
        assertFalse(expected.isEmpty());
        assertEquals(expected, passed);
        assertEquals(List.of(), host.said);
    }

    /** Makes the dialect say what was said in the recording. */
    private void hold(JsonNode said, Map<String, String> ours) throws Exception {
        int before = host.written.size();
        switch (said.path("method").asText("answer")) {
            case "initialize" -> dialect.begin();
            case "initialized" -> {
                assertEquals("{\"method\":\"initialized\"}", host.written.get(before - 2));
                return;
            }
            case "thread/start" -> before--;
            case "turn/start" -> {
                ObjectNode message = Json.object();
                message.set("content", said.path("params").path("input"));
                dialect.send(new UserMessage.Structured(message.toString()));
            }
            case "turn/interrupt" -> dialect.interrupt();
            case "answer" -> dialect.send(new UserMessage.Structured(said.toString()));
            default -> {
                return;
            }
        }
        JsonNode written = Json.read(host.written.get(before));
        assertEquals(said.path("method"), written.path("method"));
        if (said.has("method")) {
            ours.put(said.path("id").asText(), written.path("id").asText());
        }
        if (said.path("method").asText("").startsWith("turn/") || !said.has("method")) {
            JsonNode params = written.path("params");
            if (params instanceof ObjectNode object) {
                object.remove("clientUserMessageId"); // the runner's own
            }
            assertEquals(said.path("params"), params);
            assertEquals(said.path("result"), written.path("result"));
        }
    }

    @Test
    void aRefusedMessageIsShownToTheUserWithItsContext() throws Exception {
        handshake();
        dialect.send(new UserMessage.Text("x"));
        String id = host.last().path("id").asText();
        JsonNode shown = Json.read(String.valueOf(
                dialect.heard("{\"error\":{\"code\":-32600,\"message\":\"thread not found\"},\"id\":\"" + id + "\"}")));
        assertEquals("thread not found", shown.path("error").path("message").asText());
        assertEquals("turn/start", shown.path("request").path("method").asText());
        assertEquals("t-1", shown.path("request").path("threadId").asText());
    }

    @Test
    void aRefusedThreadEndsTheAgentWithItsReason() throws Exception {
        dialect.begin();
        dialect.heard("{\"id\":\"" + host.last().path("id").asText() + "\",\"result\":{}}");
        dialect.heard("{\"id\":\"" + host.last().path("id").asText() + "\",\"error\":{\"message\":\"bad model\"}}");
        assertEquals(List.of("Codex refused thread/start: bad model"), host.failures);
        assertFalse(host.ready);
    }

    @ParameterizedTest
    @CsvSource({
        "item/commandExecution/requestApproval, allow, '{\"decision\":\"accept\"}'",
        "item/commandExecution/requestApproval, deny,  '{\"decision\":\"decline\"}'",
        "item/commandExecution/requestApproval, stop,  '{\"decision\":\"cancel\"}'",
        "item/fileChange/requestApproval,       allow, '{\"decision\":\"accept\"}'",
        "item/fileChange/requestApproval,       deny,  '{\"decision\":\"decline\"}'",
        "execCommandApproval,                   allow, '{\"decision\":\"approved\"}'",
        "execCommandApproval,                   deny,  '{\"decision\":{\"denied\":{\"rejection\":\"no\"}}}'",
        "applyPatchApproval,                    stop,  '{\"decision\":\"abort\"}'",
        "item/permissions/requestApproval,      allow, '{\"permissions\":{\"network\":{}}}'",
        "item/permissions/requestApproval,      deny,  '{\"permissions\":{}}'",
        "mcpServer/elicitation/request,         deny,  '{\"action\":\"decline\"}'"
    })
    void claudesWordsForYesAndNoAreTranslated(String method, String words, String result) throws Exception {
        handshake();
        String request = "{\"method\":\"" + method + "\",\"id\":7,\"params\":{\"permissions\":{\"network\":{}}}}";
        assertEquals(request, dialect.heard(request));
        String response = words.equals("allow")
                ? "{\"behavior\":\"allow\",\"updatedInput\":{}}"
                : "{\"behavior\":\"deny\",\"message\":\"no\",\"interrupt\":" + words.equals("stop") + "}";
        String answer =
                "{\"type\":\"control_response\",\"response\":{\"subtype\":\"success\",\"request_id\":\"7\",\"response\":"
                        + response + "}}";
        dialect.send(new UserMessage.Structured(answer));
        assertEquals(7, host.last().path("id").intValue());
        assertTrue(host.last().path("id").isInt());
        assertEquals(Json.read(result), host.last().path("result"));
        int written = host.written.size();
        dialect.send(new UserMessage.Structured(answer));
        assertEquals(written, host.written.size(), "a second answer goes nowhere");
        assertEquals(1, host.said.size());
    }

    @Test
    void anAnswerNamesItsRequestAsTheNumberItIsToo() throws Exception {
        handshake();
        dialect.heard("{\"method\":\"item/commandExecution/requestApproval\",\"id\":0,\"params\":{}}");
        dialect.send(new UserMessage.Structured("{\"type\":\"control_response\",\"response\":{\"subtype\":\"success\","
                + "\"request_id\":0,\"response\":{\"behavior\":\"allow\"}}}"));
        assertEquals(Json.read("{\"id\":0,\"result\":{\"decision\":\"accept\"}}"), host.last());
        assertEquals(List.of(), host.said);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "{`id`:3,`result`:{`decision`:`accept`}}                                            | request 3",
                "{`type`:`control_response`,`response`:{`subtype`:`success`,`request_id`:`3`}}      | request 3",
                "{`type`:`control_response`,`response`:{`subtype`:`success`,`request_id`:3}}        | request 3",
                "{`type`:`control_response`,`response`:{`subtype`:`success`,`request_id`:[3]}}      | no request_id",
                "{`type`:`control_response`,`response`:`allow`,`text`:`x`}                          | no request_id",
                "{`type`:`control_response`}                                                        | no request_id"
            })
    void anAnswerToNothingIsNotTakenForAMessage(String answer, String said) throws Exception {
        handshake();
        int written = host.written.size();
        dialect.send(new UserMessage.Structured(answer.replace('`', '"')));
        assertEquals(written, host.written.size());
        assertTrue(host.said.getFirst().contains(said), host.said::toString);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "{`text`:`hi`}                              | hi",
                "{`content`:`hi`}                           | hi",
                "`a string`                                 | a string",
                "{`type`:`user`,`message`:{`role`:`user`,`content`:[{`type`:`text`,`text`:`hi`}]}} | hi",
                "{`type`:`user`}                            | *",
                "{`content`:[{`type`:`tool_result`,`x`:1}]} | *",
                "{`content`:[{`type`:`image`,`source`:{}}]} | *",
                "{`content`:[{`type`:`image`,`source`:{`type`:`file`,`file_id`:`f`}}]} | *",
                "{`content`:[{`type`:`document`,`source`:{`type`:`text`,`data`:`x`}}]} | *",
                "{`id`:1,`method`:`thread/delete`,`params`:{}} | *",
                "{`method`:`initialized`}                   | *",
                "{}                                         | *",
                "[1]                                        | *",
                "not json                                   | *"
            })
    void messagesBecomeTurns(String message, String text) throws Exception {
        handshake();
        String json = message.replace('`', '"');
        dialect.send(new UserMessage.Structured(json));
        assertEquals("turn/start", host.last().path("method").asText());
        JsonNode input = host.last().path("params").path("input");
        assertEquals(1, input.size());
        assertEquals(text.equals("*") ? json : text, input.path(0).path("text").asText());
    }

    @Test
    void anImageBlockBecomesAnImage() throws Exception {
        handshake();
        dialect.send(
                new UserMessage.Structured(
                        "{\"content\":[{\"type\":\"text\",\"text\":\"see\"},"
                                + "{\"type\":\"image\",\"source\":{\"type\":\"base64\",\"media_type\":\"image/png\",\"data\":\"AAAA\"}}]}"));
        assertEquals(
                Json.read(
                        "[{\"type\":\"text\",\"text\":\"see\"},{\"type\":\"image\",\"url\":\"data:image/png;base64,AAAA\"}]"),
                host.last().path("params").path("input"));
    }

    @Test
    void anInterruptEndsTheCommandsOfItsTurnAndNoOthers() throws Exception {
        handshake();
        turn("r-1", "old");
        dialect.heard("{\"method\":\"turn/completed\",\"params\":{\"turn\":{\"id\":\"r-1\"}}}");
        dialect.interrupt();
        assertEquals("turn/start", host.last().path("method").asText(), "no turn, nothing to interrupt");
        turn("r-2", "new");
        dialect.interrupt();
        assertEquals("turn/interrupt", host.last().path("method").asText());
        assertEquals("r-2", host.last().path("params").path("turnId").asText());
        answer("{}");
        assertEquals(
                "thread/backgroundTerminals/list", host.last().path("method").asText());
        int written = host.written.size();
        answer("{\"data\":[{\"itemId\":\"old\",\"processId\":\"1\"},{\"itemId\":\"new\",\"processId\":\"2\"}]}");
        assertEquals(written + 1, host.written.size());
        assertEquals(
                "thread/backgroundTerminals/terminate",
                host.last().path("method").asText());
        assertEquals("2", host.last().path("params").path("processId").asText());
    }

    @Test
    void anInterruptWaitsForTheAnswerToTheMessageBeforeIt() throws Exception {
        handshake();
        dialect.send(new UserMessage.Text("x"));
        String id = host.last().path("id").asText();
        Thread interrupter = interrupter();
        awaitWaiting(interrupter);
        dialect.heard("{\"id\":\"" + id + "\",\"result\":{\"turn\":{\"id\":\"r-9\"}}}");
        begun("r-9");
        interrupter.join();
        assertEquals(List.of(), host.failures);
        assertEquals("r-9", host.last().path("params").path("turnId").asText());
    }

    /** Codex refuses the interrupt of a turn that it has answered for and not begun. */
    @Test
    void anInterruptWaitsForItsTurnToBegin() throws Exception {
        handshake();
        dialect.send(new UserMessage.Text("x"));
        answer("{\"turn\":{\"id\":\"r-1\"}}");
        Thread interrupter = interrupter();
        awaitWaiting(interrupter);
        assertEquals("turn/start", host.last().path("method").asText());
        begun("r-1");
        interrupter.join();
        assertEquals("r-1", host.last().path("params").path("turnId").asText());
        assertEquals(List.of(), host.failures);
    }

    @Test
    void aTurnThatEndsWhileItsInterruptWaitsIsNotInterrupted() throws Exception {
        handshake();
        dialect.send(new UserMessage.Text("x"));
        answer("{\"turn\":{\"id\":\"r-1\"}}");
        Thread interrupter = interrupter();
        awaitWaiting(interrupter);
        completed("r-1");
        interrupter.join();
        assertEquals("turn/start", host.last().path("method").asText());
        assertEquals(List.of(), host.said);
        assertEquals(List.of(), host.failures);
    }

    @Test
    void aRefusedInterruptIsSentOnceMoreAndThenSaidToHaveFailed() throws Exception {
        handshake();
        turn("r-1", "c");
        dialect.interrupt();
        int written = host.written.size();
        refuse();
        assertEquals(written + 1, host.written.size());
        assertEquals("turn/interrupt", host.last().path("method").asText());
        assertEquals("r-1", host.last().path("params").path("turnId").asText());
        assertEquals(List.of(), host.said);
        refuse();
        assertEquals(written + 1, host.written.size());
        assertEquals(
                List.of(
                        "vibe-runner: the turn was not interrupted and goes on; Codex refused it: no active turn to interrupt"),
                host.said);
    }

    @Test
    void aSecondInterruptThatIsTakenEndsTheCommandsToo() throws Exception {
        handshake();
        turn("r-1", "c");
        dialect.interrupt();
        refuse();
        answer("{}");
        assertEquals(
                "thread/backgroundTerminals/list", host.last().path("method").asText());
        assertEquals(List.of(), host.said);
    }

    @Test
    void aRefusalIsNothingToTellOfWhereTheTurnIsOverOrEnding() throws Exception {
        handshake();
        turn("r-1", "c");
        dialect.interrupt();
        completed("r-1");
        refuse();
        turn("r-2", "c");
        dialect.interrupt();
        String first = host.last().path("id").asText();
        dialect.interrupt();
        String second = host.last().path("id").asText();
        assertNull(dialect.heard("{\"id\":\"" + first + "\",\"result\":{}}"));
        refuse(second);
        assertEquals(
                "thread/backgroundTerminals/list", host.last().path("method").asText());
        assertEquals(List.of(), host.said);
    }

    @Test
    void anInterruptOfAMessageThatIsNeverAnsweredIsSaidToHaveFailed() throws Exception {
        CodexDialect hasty = new CodexDialect(
                host,
                Path.of("/home/user/project"),
                ProcessSettings.defaults(Map.of(), Path.of("/home/user/project")),
                "t-1",
                List.of(),
                Duration.ofMillis(1));
        hasty.send(new UserMessage.Text("x"));
        hasty.interrupt();
        assertEquals("turn/start", host.last().path("method").asText());
        assertEquals(
                List.of("vibe-runner: the turn was not interrupted and goes on;"
                        + " Codex has not answered the message before yet"),
                host.said);
    }

    /** Else it would not survive its agent's death until it has had another turn. */
    @Test
    void aResumedConversationIsBetweenTurnsFromItsStart() throws Exception {
        CodexDialect resumed = resuming("t-1");
        assertTrue(resumed.betweenTurns());
        resumed.send(new UserMessage.Text("x"));
        assertFalse(resumed.betweenTurns());
    }

    @Test
    void soItIsNotWhereCodexHadStoredNoneOfIt() throws Exception {
        CodexDialect resumed = resuming("t-1");
        resumed.begin();
        answer(resumed, "\"result\":{}");
        answer(resumed, "\"error\":{\"message\":\"no rollout found for thread id t-1\"}");
        assertEquals("thread/start", host.last().path("method").asText());
        assertFalse(resumed.betweenTurns());
    }

    private CodexDialect resuming(String thread) {
        return new CodexDialect(
                host,
                Path.of("/home/user/project"),
                ProcessSettings.defaults(Map.of(), Path.of("/home/user/project")),
                thread,
                List.of());
    }

    /** To the request made last. */
    private void answer(CodexDialect to, String outcome) {
        JsonNode asked = host.written.stream()
                .map(CodexDialectTest::json)
                .filter(line -> line.has("id"))
                .reduce((_, later) -> later)
                .orElseThrow();
        assertNull(to.heard("{\"id\":\"" + asked.path("id").asText() + "\"," + outcome + "}"));
    }

    private static JsonNode json(String line) {
        try {
            return Json.read(line);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A lost notification must not leave a turn that nothing can end. */
    @Test
    void aTurnThatWasNeverSaidToHaveBegunIsInterruptedInTheEnd() throws Exception {
        CodexDialect hasty = new CodexDialect(
                host,
                Path.of("/home/user/project"),
                ProcessSettings.defaults(Map.of(), Path.of("/home/user/project")),
                "t-1",
                List.of(),
                Duration.ofMillis(1));
        hasty.send(new UserMessage.Text("x"));
        String id = host.last().path("id").asText();
        assertNull(hasty.heard("{\"id\":\"" + id + "\",\"result\":{\"turn\":{\"id\":\"r-1\"}}}"));
        hasty.interrupt();
        assertEquals("r-1", host.last().path("params").path("turnId").asText());
    }

    @Test
    void whatItsSubAgentsDoIsNoTurnOfOurs() throws Exception {
        handshake();
        turn("r-1", "ours");
        for (String line : List.of(
                "{\"method\":\"turn/started\",\"params\":{\"threadId\":\"child\",\"turn\":{\"id\":\"r-c\"}}}",
                "{\"method\":\"item/started\",\"params\":{\"threadId\":\"child\",\"item\":{\"type\":\"commandExecution\",\"id\":\"theirs\"}}}",
                "{\"method\":\"turn/completed\",\"params\":{\"threadId\":\"child\",\"turn\":{\"id\":\"r-c\"}}}")) {
            assertEquals(line, dialect.heard(line));
            assertFalse(dialect.betweenTurns());
            assertTrue(dialect.turnUnderWay());
            assertEquals(0, dialect.completedTurns());
        }
        dialect.interrupt();
        assertEquals("r-1", host.last().path("params").path("turnId").asText());
        answer("{}");
        int written = host.written.size();
        answer("{\"data\":[{\"itemId\":\"theirs\",\"processId\":\"1\"}]}");
        assertEquals(written, host.written.size());
        dialect.heard("{\"method\":\"turn/completed\",\"params\":{\"threadId\":\"t-1\",\"turn\":{\"id\":\"r-1\"}}}");
        assertTrue(dialect.betweenTurns());
    }

    @Test
    void aTurnThatWasOverBeforeItsAnswerCameIsNotInterrupted() throws Exception {
        handshake();
        dialect.send(new UserMessage.Text("x"));
        String id = host.last().path("id").asText();
        dialect.heard("{\"method\":\"turn/started\",\"params\":{\"turn\":{\"id\":\"r-1\"}}}");
        dialect.heard("{\"method\":\"turn/completed\",\"params\":{\"turn\":{\"id\":\"r-1\"}}}");
        dialect.heard("{\"id\":\"" + id + "\",\"result\":{\"turn\":{\"id\":\"r-1\"}}}");
        dialect.interrupt();
        assertEquals("turn/start", host.last().path("method").asText());
    }

    private void turn(String turnId, String itemId) throws Exception {
        dialect.send(new UserMessage.Text("go"));
        answer("{\"turn\":{\"id\":\"" + turnId + "\"}}");
        begun(turnId);
        dialect.heard("{\"method\":\"item/started\",\"params\":{\"item\":{\"type\":\"commandExecution\",\"id\":\""
                + itemId + "\"}}}");
    }

    private void begun(String turnId) {
        dialect.heard("{\"method\":\"turn/started\",\"params\":{\"turn\":{\"id\":\"" + turnId + "\"}}}");
    }

    private void completed(String turnId) {
        dialect.heard("{\"method\":\"turn/completed\",\"params\":{\"turn\":{\"id\":\"" + turnId + "\"}}}");
    }

    private Thread interrupter() {
        return Thread.ofPlatform().daemon().start(() -> {
            try {
                dialect.interrupt();
            } catch (Exception e) {
                host.failures.add(e.toString());
            }
        });
    }

    private static void awaitWaiting(Thread interrupter) {
        while (interrupter.getState() != Thread.State.TIMED_WAITING) {
            assertTrue(interrupter.isAlive(), "it does not wait");
            Thread.onSpinWait();
        }
    }

    /** Refuses the interrupt the dialect wrote last. */
    private void refuse() throws Exception {
        refuse(host.last().path("id").asText());
    }

    private void refuse(String id) {
        assertNull(dialect.heard(
                "{\"error\":{\"code\":-32600,\"message\":\"no active turn to interrupt\"},\"id\":\"" + id + "\"}"));
    }

    private void handshake() throws Exception {
        dialect.begin();
        answer("{}");
        answer("{\"thread\":{\"id\":\"t-1\"}}");
        assertTrue(host.ready);
        assertEquals("t-1", dialect.agentSessionId());
    }

    /** Answers the request the dialect wrote last. */
    private void answer(String result) throws Exception {
        String id = host.last().path("id").asText();
        assertNull(dialect.heard("{\"id\":\"" + id + "\",\"result\":" + result + "}"));
    }
}
