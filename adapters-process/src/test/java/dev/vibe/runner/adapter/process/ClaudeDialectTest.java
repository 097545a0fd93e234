package dev.vibe.runner.adapter.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.vibe.runner.adapter.process.ClaudeDialect.Beginning;
import dev.vibe.runner.domain.Channel;
import dev.vibe.runner.domain.OutputLine;
import dev.vibe.runner.domain.UserMessage;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class ClaudeDialectTest {
    private static final String PLAN = "{\"subtype\":\"set_permission_mode\",\"mode\":\"plan\"}";
    private static final String MODEL = "{\"subtype\":\"set_model\",\"model\":\"m-1\"}";

    private final FakeHost host = new FakeHost();
    private final ClaudeDialect dialect = new ClaudeDialect(host, "uuid", Beginning.NEW, List.of(), "stored"::equals);

    @BeforeEach
    void begins() {
        dialect.begin();
    }

    @Test
    void theHandshakeIsAskedAnsweredAndKeptBack() throws Exception {
        JsonNode asked = host.last();
        assertEquals("initialize", asked.path("request").path("subtype").asText());
        for (Recording.Line line : Recording.of("claude-initialize").lines()) {
            if (line.direction().equals("out") && line.text().contains("control_response")) {
                assertEquals(line.text(), dialect.heard(line.text()), "another's answer passes");
                assertFalse(host.ready);
                assertNull(dialect.heard(
                        line.text().replace("req-1", asked.path("request_id").asText())));
            }
        }
        assertTrue(host.ready);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"{\"type\":\"system\",\"subtype\":\"init\"}", "{ \"type\": \"assistant\", \"message\": {} }"})
    void anAgentThatTalksIsReadyThoughItLeftTheHandshakeUnanswered(String line) {
        assertEquals(line, dialect.heard(line));
        assertTrue(host.ready);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Warning: something", "[1]", "{\"type\":\"control_response\",\"response\":{}}"})
    void otherOutputIsNoSignOfReadiness(String line) {
        assertEquals(line, dialect.heard(line));
        assertFalse(host.ready);
    }

    @Test
    void anyWordsAreASignOfItOnceTheAgentWasToldSomething() throws Exception {
        dialect.send(new UserMessage.Text("hi"));
        assertEquals("echo: hi", dialect.heard("echo: hi"));
        assertTrue(host.ready);
    }

    @Test
    void aRefusedHandshakeEndsTheAgentWithItsReason() throws Exception {
        String id = host.last().path("request_id").asText();
        assertNull(dialect.heard("{\"type\":\"control_response\",\"response\":{\"subtype\":\"error\",\"request_id\":\""
                + id + "\",\"error\":\"too old\"}}"));
        assertEquals(List.of("Claude Code refused its handshake: too old"), host.failures);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "claude-two-turn",
                "claude-tool-use",
                "claude-permission",
                "claude-control",
                "claude-partial-replay",
                "claude-permission-pending-interrupt",
                "claude-interrupt"
            })
    void aRecordedConversationPassesAsItStands(String name) throws Exception {
        List<String> expected = new ArrayList<>();
        List<String> passed = new ArrayList<>();
        for (Recording.Line line : Recording.of(name).lines()) {
            switch (line.direction()) {
                case "in" -> {
                    if (line.text().startsWith("{")) {
                        dialect.send(new UserMessage.Structured(line.text()));
                        assertEquals(Json.read(line.text()), host.last());
                    }
                }
                case "out" -> {
                    expected.add(line.text());
                    passed.add(String.valueOf(dialect.heard(line.text())));
                }
                default -> {}
            }
        }
        assertFalse(expected.isEmpty());
        assertEquals(expected, passed);
    }

    @Test
    void onlyTheAnswerToTheRunnersOwnInterruptIsKeptBack() throws Exception {
        List<String> kept = new ArrayList<>();
        String ours = "";
        String theirs = "";
        for (Recording.Line line : Recording.of("claude-interrupt").lines()) {
            if (line.direction().equals("in") && line.text().contains("interrupt")) {
                dialect.interrupt();
                theirs = Json.read(line.text()).path("request_id").asText();
                ours = host.last().path("request_id").asText();
            } else if (line.direction().equals("out")) {
                String said = ours.isEmpty() ? line.text() : line.text().replace(theirs, ours);
                if (dialect.heard(said) == null) {
                    kept.add(Json.read(said).path("type").asText());
                }
            }
        }
        assertEquals(List.of("control_response", "control_response", "control_response"), kept);
    }

    @Test
    void aMessageThatQuotesTheRunnersIdIsNotTakenForAnAnswer() throws Exception {
        String id = host.last().path("request_id").asText();
        String quoting =
                "{\"type\":\"assistant\",\"message\":{\"content\":[{\"type\":\"text\",\"text\":\"" + id + "\"}]}}";
        assertEquals(quoting, dialect.heard(quoting));
    }

    /** Without an id that could be answered; every agent takes it. */
    @ParameterizedTest
    @ValueSource(strings = {"", ",\"request_id\":1"})
    void anInterruptThatClaudeWouldNotTakeIsOneAllTheSame(String id) throws Exception {
        dialect.send(new UserMessage.Structured(
                "{\"type\":\"control_request\"" + id + ",\"request\":{\"subtype\":\"interrupt\"}}"));
        assertEquals("interrupt", host.last().path("request").path("subtype").asText());
        assertTrue(host.last().path("request_id").isTextual(), host.last()::toString);
    }

    @Test
    void aStopInterruptsFirst() throws Exception {
        dialect.beforeStop();
        assertEquals("interrupt", host.last().path("request").path("subtype").asText());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "{`text`:`hi`}                                         | `hi`",
                "{`content`:`hi`}                                      | `hi`",
                "{`role`:`user`,`content`:`hi`}                        | `hi`",
                "{`type`:`text`,`text`:`hi`}                           | `hi`",
                "`just a string`                                       | `just a string`",
                "{`content`:[{`type`:`text`,`text`:`hi`}]}             | [{`type`:`text`,`text`:`hi`}]",
                "{`type`:`user`,`content`:`x`}                         | *",
                "{`type`:`user`}                                       | *",
                "{`type`:`user`,`message`:{`role`:`user`}}             | *",
                "{`type`:`user`,`message`:{`role`:`system`,`content`:`x`}} | *",
                "{`type`:`user`,`message`:{`role`:`user`,`content`:null}}  | *",
                "{`type`:`user`,`message`:{`role`:`user`,`content`:[1]}}   | *",
                "{`type`:`user`,`message`:`x`}                         | *",
                "{`type`:`control_request`}                            | *",
                "{`type`:`control_request`,`request_id`:`a`,`request`:{}} | *",
                "{`type`:`something`,`text`:`x`}                       | *",
                "{`role`:`system`,`content`:`x`}                       | *",
                "{`content`:[]}                                        | *",
                "{`content`:[{`type`:`text`}]}                         | *",
                "{`content`:[`x`]}                                     | *",
                "{`type`:`user`,`message`:{`role`:`user`,`text`:`x`}}  | `x`",
                "{`content`:[{`type`:`image`}]}                        | *",
                "{`content`:[{`type`:`image`,`source`:{}}]}            | *",
                "{`content`:[{`type`:`image`,`source`:{`type`:`base64`}}]} | *",
                "{`content`:[{`type`:`image`,`source`:{`type`:`base64`,`media_type`:`image/png`,`data`:5}}]} | *",
                "{`content`:[{`type`:`image`,`source`:{`type`:`text`,`data`:`x`}}]} | *",
                "{`content`:[{`type`:`text`,`text`:`a`},{`type`:`document`}]} | *",
                "{`content`:[{`type`:`document`,`source`:{`type`:`content`,`content`:[{`type`:`image`}]}}]} | *",
                "{`type`:`user`,`message`:{`role`:`user`,`content`:[{`type`:`image`}]}} | *",
                "{`content`:[{`type`:`tool_result`,`tool_use_id`:`t`,`content`:5}]} | *",
                "{`text`:5}                                            | *",
                "{}                                                    | *",
                "[1,2]                                                 | *",
                "5                                                     | *",
                "null                                                  | *",
                "true                                                  | *",
                "{`a`:1} {`b`:2}                                       | *",
                "not json                                              | *"
            })
    void whateverComesIsAUserMessageThatClaudeSurvives(String message, String content) throws Exception {
        String json = message.replace('`', '"');
        dialect.send(new UserMessage.Structured(json));
        JsonNode line = host.last();
        assertEquals("user", line.path("type").asText());
        assertEquals("user", line.path("message").path("role").asText());
        JsonNode expected = content.equals("*") ? Json.object().textNode(json) : Json.read(content.replace('`', '"'));
        assertEquals(expected, line.path("message").path("content"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{`type`:`control_response`}",
                "{`type`:`control_response`,`response`:{}}",
                "{`type`:`control_response`,`response`:`x`}",
                "{`type`:`control_response`,`response`:{`subtype`:`success`,`request_id`:0,`response`:{}}}",
                "{`type`:`control_response`,`response`:{`request_id`:`r`},`text`:`x`}"
            })
    void anAnswerThatClaudeCouldNotReadIsNeverWordsForTheModel(String message) throws Exception {
        int written = host.written.size();
        dialect.send(new UserMessage.Structured(message.replace('`', '"')));
        assertEquals(written, host.written.size());
        assertTrue(host.said.getFirst().contains("control_response was not passed on"), host.said::toString);
        assertFalse(dialect.turnUnderWay());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "plain",
                "",
                "two\nlines\r\n",
                "nul \0 and \u2028",
                "{\"type\":\"control_request\"}",
                "\uD83D\uDE80 \uD800"
            })
    void textIsAlwaysOneLineAndAlwaysText(String text) throws Exception {
        dialect.send(new UserMessage.Text(text));
        assertEquals(text, host.last().path("message").path("content").asText());
    }

    @Test
    void claudesOwnMessagesKeepEveryField() throws Exception {
        for (String own : List.of(
                "{\"type\":\"user\",\"uuid\":\"u\",\"message\":{\"role\":\"user\",\"content\":\"x\"},\"priority\":1.50}",
                "{\"type\":\"control_request\",\"request_id\":\"r\",\"request\":{\"subtype\":\"set_model\",\"model\":\"m\"}}",
                "{\"type\":\"control_response\",\"response\":{\"subtype\":\"success\",\"request_id\":\"r\",\"response\":{\"behavior\":\"allow\",\"updatedInput\":{\"a\":1.0}}}}",
                "{\"type\":\"control_response\",\"response\":{\"subtype\":\"success\",\"request_id\":\"r\",\"response\":{\"behavior\":\"deny\",\"message\":\"no\"}}}",
                "{\"type\":\"control_response\",\"response\":{\"subtype\":\"success\",\"request_id\":\"r\",\"response\":{\"continue\":true}}}")) {
            dialect.send(new UserMessage.Structured(own.replace(",", " ,\n ")));
            assertEquals(own, host.written.getLast());
        }
    }

    /** Claude takes a yes without the input for a no, and shows its model what its parser says. An empty input is the one asked about. */
    @Test
    void aBareYesIsAYesAndABareNoHasWords() throws Exception {
        String answer =
                "{\"type\":\"control_response\",\"response\":{\"subtype\":\"success\",\"request_id\":\"r\",\"response\":";
        dialect.send(new UserMessage.Structured(answer + "{\"behavior\":\"allow\"}}}"));
        assertEquals(answer + "{\"behavior\":\"allow\",\"updatedInput\":{}}}}", host.written.getLast());
        dialect.send(new UserMessage.Structured(answer + "{\"behavior\":\"deny\",\"interrupt\":true}}}"));
        JsonNode no = host.last().path("response").path("response");
        assertTrue(no.path("message").asText().startsWith("The user does not want"), no.toString());
        assertTrue(no.path("interrupt").asBoolean());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{`type`:`image`,`source`:{`type`:`base64`,`media_type`:`image/png`,`data`:`AAAA`}}",
                "{`type`:`image`,`source`:{`type`:`url`,`url`:`https://host/a.png`}}",
                "{`type`:`image`,`source`:{`type`:`file`,`file_id`:`f`}}",
                "{`type`:`document`,`source`:{`type`:`base64`,`media_type`:`application/pdf`,`data`:`AAAA`}}",
                "{`type`:`document`,`source`:{`type`:`url`,`url`:`https://host/a.pdf`}}",
                "{`type`:`document`,`source`:{`type`:`file`,`file_id`:`f`}}",
                "{`type`:`document`,`source`:{`type`:`text`,`media_type`:`text/plain`,`data`:`x`}}",
                "{`type`:`document`,`source`:{`type`:`content`,`content`:`x`}}",
                "{`type`:`document`,`source`:{`type`:`content`,`content`:[{`type`:`text`,`text`:`x`}]}}",
                "{`type`:`tool_result`,`tool_use_id`:`t`}",
                "{`type`:`tool_result`,`tool_use_id`:`t`,`content`:`x`}",
                "{`type`:`tool_result`,`tool_use_id`:`t`,`content`:[]}",
                "{`type`:`not_known_here`,`source`:5}"
            })
    void blocksThatAreWholePassAsTheyAre(String block) throws Exception {
        String json = block.replace('`', '"');
        dialect.send(new UserMessage.Structured("{\"content\":[" + json + "]}"));
        assertEquals(
                Json.read(json), host.last().path("message").path("content").path(0));
    }

    /** Claude would never answer some of these, nor anything after them. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "{`subtype`:`set_model`,`model`:5}                  | its `model` must be a string or null",
                "{`subtype`:`set_permission_mode`}                  | its `mode` must be a string",
                "{`subtype`:`set_permission_mode`,`mode`:{}}        | its `mode` must be a string",
                "{`subtype`:`set_max_thinking_tokens`,`max_thinking_tokens`:`5`} | its `max_thinking_tokens` must be a number or null",
                "{`subtype`:`mcp_set_servers`}                      | its `servers` must be an object of objects",
                "{`subtype`:`mcp_set_servers`,`servers`:[]}         | its `servers` must be an object of objects",
                "{`subtype`:`mcp_set_servers`,`servers`:{`a`:null}} | its `servers` must be an object of objects",
                "{`subtype`:`mcp_set_servers`,`servers`:{`a`:{},`b`:5}} | its `servers` must be an object of objects",
                "{`subtype`:`rewind_conversation`}                  | its `target_message_uuid` must be a string",
                "{`subtype`:`mcp_call`}                             | its `tool` must be a string",
                "{`subtype`:`apply_flag_settings`}                  | its `settings` must be an object",
                "{`subtype`:`apply_flag_settings`,`settings`:null}  | its `settings` must be an object"
            })
    void aRequestThatWouldFreezeClaudeIsNotPassedOnAndTheUserIsTold(String request, String fault) throws Exception {
        int written = host.written.size();
        JsonNode asked = Json.read(request.replace('`', '"'));
        dialect.send(new UserMessage.Structured(
                "{\"type\":\"control_request\",\"request_id\":\"r-1\",\"request\":" + asked + "}"));
        assertEquals(written, host.written.size());
        assertEquals(
                List.of("vibe-runner: the control_request r-1 ("
                        + asked.path("subtype").asText() + ") was not passed on to Claude Code: "
                        + fault.replace('`', '"')),
                host.said);
        assertFalse(dialect.turnUnderWay());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{`subtype`:`interrupt`}",
                "{`subtype`:`initialize`}",
                "{`subtype`:`set_model`}",
                "{`subtype`:`set_model`,`model`:null}",
                "{`subtype`:`set_model`,`model`:`m`}",
                "{`subtype`:`set_permission_mode`,`mode`:`plan`}",
                "{`subtype`:`set_max_thinking_tokens`,`max_thinking_tokens`:null}",
                "{`subtype`:`set_max_thinking_tokens`,`max_thinking_tokens`:1024}",
                "{`subtype`:`mcp_set_servers`,`servers`:{}}",
                "{`subtype`:`mcp_set_servers`,`servers`:{`a`:{`command`:`x`}}}",
                "{`subtype`:`apply_flag_settings`,`settings`:{}}",
                "{`subtype`:`not_known_here`,`model`:5}"
            })
    void aRequestIsPassedOnAndIsNoTurnWhateverTheOrderOfItsKeys(String request) throws Exception {
        String json =
                "{\"request\":" + request.replace('`', '"') + ",\"request_id\":\"r-1\",\"type\":\"control_request\"}";
        dialect.send(new UserMessage.Structured(json));
        assertEquals(Json.read(json), host.last());
        assertEquals(List.of(), host.said);
        assertFalse(dialect.turnUnderWay());
    }

    @Test
    void anAnswerIsNoTurnWhateverTheOrderOfItsKeys() throws Exception {
        dialect.send(new UserMessage.Structured(
                "{\"response\":{\"subtype\":\"success\",\"request_id\":\"r\"},\"type\":\"control_response\"}"));
        assertEquals("control_response", host.last().path("type").asText());
        assertFalse(dialect.turnUnderWay());
    }

    /** A turn that waits for the user is not one that has stalled. */
    @Test
    void aTurnWaitsForTheUserUntilTheLastOfItsQuestionsIsAnswered() throws Exception {
        handshake();
        dialect.send(new UserMessage.Text("go"));
        assertTrue(dialect.turnUnderWay());
        asks("p-1");
        asks("p-2");
        dialect.send(new UserMessage.Text("hurry up"));
        answers("nobody");
        answers("p-1");
        assertFalse(dialect.turnUnderWay(), "p-2 waits");
        answers("p-2");
        assertTrue(dialect.turnUnderWay());
    }

    @Test
    void aQuestionThatClaudeWithdrawsIsWaitedForNoMore() throws Exception {
        handshake();
        dialect.send(new UserMessage.Text("go"));
        asks("p-1");
        assertFalse(dialect.turnUnderWay());
        hears("{\"type\":\"control_cancel_request\",\"request_id\":\"p-1\"}");
        assertTrue(dialect.turnUnderWay());
    }

    @Test
    void theEndOfATurnEndsItsQuestions() throws Exception {
        handshake();
        dialect.send(new UserMessage.Text("go"));
        asks("p-1");
        hears("{\"type\":\"result\",\"subtype\":\"success\"}");
        dialect.send(new UserMessage.Text("more"));
        assertTrue(dialect.turnUnderWay());
    }

    /** Else it would not survive its agent's death until it has had another turn. */
    @ParameterizedTest
    @CsvSource({"NEW,false", "RESUMED,true", "LOST,false"})
    void aResumedConversationIsBetweenTurnsFromItsStart(Beginning beginning, boolean between) throws Exception {
        ClaudeDialect resumed = new ClaudeDialect(host, "uuid", beginning, List.of(), _ -> false);
        assertEquals(between, resumed.betweenTurns());
        resumed.send(new UserMessage.Text("go"));
        assertFalse(resumed.betweenTurns());
    }

    /** As it does after {@code /clear}. */
    @Test
    void theConversationIsTheOneThatClaudeSaysItIsIn() {
        assertEquals("uuid", dialect.agentSessionId());
        hears(init("\"session_id\":\"51b73b5f-03a5-48eb-acb1-15f004e86137\""));
        assertEquals("51b73b5f-03a5-48eb-acb1-15f004e86137", dialect.agentSessionId());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{`type`:`system`,`subtype`:`init`}",
                "{`type`:`system`,`subtype`:`init`,`session_id`:5}",
                "{`type`:`system`,`subtype`:`init`,`session_id`:`../../x`}",
                "{`type`:`system`,`subtype`:`init`,`session_id`:`51b73b5f-03a5-48eb-acb1-15f004e86137`,`parent_tool_use_id`:`toolu_1`}",
                "{`type`:`system`,`subtype`:`status`,`session_id`:`51b73b5f-03a5-48eb-acb1-15f004e86137`}",
                "{`type`:`assistant`,`session_id`:`51b73b5f-03a5-48eb-acb1-15f004e86137`}"
            })
    void noOtherLineChangesIt(String line) {
        hears(line.replace('`', '"'));
        assertEquals("uuid", dialect.agentSessionId());
    }

    /** Claude drops it without a word, and no turn would end. */
    @ParameterizedTest
    @ValueSource(strings = {"u-1", "stored"})
    void aMessageThatClaudeHasHadIsNoTurn(String uuid) throws Exception {
        if (uuid.equals("u-1")) {
            dialect.send(bearing("u-1"));
            hears("{\"type\":\"result\"}");
        }
        int written = host.written.size();
        dialect.send(bearing(uuid));
        assertEquals(written, host.written.size());
        assertFalse(dialect.turnUnderWay());
        assertEquals(
                List.of("vibe-runner: Claude Code has had the message with the uuid " + uuid
                        + " before, and was not given it again"),
                host.said);
        dialect.send(bearing("u-2"));
        assertTrue(dialect.turnUnderWay());
    }

    @Test
    void uuidsAreForgottenInTheEnd() throws Exception {
        for (int i = 0; i <= 1_000; i++) {
            dialect.send(bearing("u-" + i));
        }
        int written = host.written.size();
        dialect.send(bearing("u-1"));
        assertEquals(written, host.written.size());
        dialect.send(bearing("u-0"));
        assertEquals(written + 1, host.written.size());
    }

    private static UserMessage bearing(String uuid) {
        return new UserMessage.Structured(
                "{\"type\":\"user\",\"uuid\":\"" + uuid + "\",\"message\":{\"role\":\"user\",\"content\":\"x\"}}");
    }

    @ParameterizedTest
    @CsvSource({"success,true", "error,false"})
    void itIsToldToEndOnceItHasAgreed(String answer, boolean ends) throws Exception {
        requests("e", "{\"subtype\":\"end_session\"}");
        hears(answer("other", "success"));
        assertFalse(dialect.toldToEnd());
        hears(answer("e", answer));
        assertEquals(ends, dialect.toldToEnd());
    }

    @Test
    void whatClaudeHasAcceptedIsToBeSetAgain() throws Exception {
        requests("m", "{\"subtype\":\"set_permission_mode\",\"mode\":\"acceptEdits\",\"more\":1}");
        requests("n", "{\"subtype\":\"set_permission_mode\",\"mode\":\"plan\"}");
        requests("o", "{\"subtype\":\"set_model\",\"model\":\"m-1\"}");
        assertEquals(List.of(), dialect.settings());
        hears(answer("m", "success"));
        assertEquals(List.of("{\"subtype\":\"set_permission_mode\",\"mode\":\"acceptEdits\"}"), dialect.settings());
        hears(answer("n", "success"));
        hears(answer("o", "success"));
        assertEquals(List.of(PLAN, MODEL), dialect.settings());
        requests("p", "{\"subtype\":\"set_permission_mode\",\"mode\":\"bypassPermissions\"}");
        hears(answer("p", "error"));
        requests("q", "{\"subtype\":\"set_model\"}");
        hears(answer("q", "success"));
        assertEquals(List.of(PLAN), dialect.settings());
        requests("r", "{\"subtype\":\"set_max_thinking_tokens\",\"max_thinking_tokens\":0}");
        hears(answer("r", "success"));
        String thinking = "{\"subtype\":\"set_max_thinking_tokens\",\"max_thinking_tokens\":0}";
        assertEquals(List.of(PLAN, thinking), dialect.settings());
        requests("s", "{\"subtype\":\"set_max_thinking_tokens\",\"max_thinking_tokens\":null}");
        hears(answer("s", "success"));
        assertEquals(List.of(PLAN), dialect.settings());
    }

    @Test
    void itIsSetAgainBeforeAllElseAndNobodyIsToldOfTheAnswers() throws Exception {
        ClaudeDialect again = restored();
        List<JsonNode> asked = asked();
        assertEquals(
                List.of(Json.read(PLAN), Json.read(MODEL)),
                asked.stream().map(line -> line.path("request")).toList());
        String echo =
                "{\"type\":\"user\",\"message\":{\"role\":\"user\",\"content\":\"<local-command-stdout>Set model to m-1</local-command-stdout>\"}}";
        assertNull(again.heard(echo));
        for (JsonNode request : asked) {
            assertNull(again.heard(answer(request.path("request_id").asText(), "success")));
        }
        assertEquals(echo, again.heard(echo), "the user's own");
        assertEquals(List.of(PLAN, MODEL), again.settings(), "for the process after this one");
    }

    @Test
    void anAgentThatWillNotBeRestrictedAgainIsNotUsed() throws Exception {
        ClaudeDialect again = restored();
        assertNull(again.heard(answer(asked().get(1).path("request_id").asText(), "error")));
        assertEquals(List.of(), host.failures);
        assertEquals(
                List.of("vibe-runner: Claude Code refused to be set again as it was (set_model): no reason given"),
                host.said);
        assertNull(again.heard(answer(asked().get(0).path("request_id").asText(), "error")));
        assertEquals(
                List.of("Claude Code refused to be set again as it was (set_permission_mode): no reason given"),
                host.failures);
    }

    private ClaudeDialect restored() {
        host.written.clear();
        ClaudeDialect again = new ClaudeDialect(host, "uuid", Beginning.RESUMED, List.of(PLAN, MODEL), _ -> false);
        again.begin();
        return again;
    }

    /** All but the handshake. */
    private List<JsonNode> asked() throws Exception {
        List<JsonNode> asked = new ArrayList<>();
        for (String line : host.written.subList(1, host.written.size())) {
            asked.add(Json.read(line));
        }
        return asked;
    }

    private void requests(String id, String request) throws Exception {
        dialect.send(new UserMessage.Structured(
                "{\"type\":\"control_request\",\"request_id\":\"" + id + "\",\"request\":" + request + "}"));
    }

    private static String answer(String id, String subtype) {
        return "{\"type\":\"control_response\",\"response\":{\"subtype\":\"" + subtype + "\",\"request_id\":\"" + id
                + "\"}}";
    }

    private static String init(String fields) {
        return "{\"type\":\"system\",\"subtype\":\"init\"," + fields + "}";
    }

    private void handshake() throws Exception {
        assertNull(
                dialect.heard("{\"type\":\"control_response\",\"response\":{\"subtype\":\"success\",\"request_id\":\""
                        + host.last().path("request_id").asText() + "\"}}"));
    }

    private void asks(String requestId) {
        hears("{\"type\":\"control_request\",\"request_id\":\"" + requestId
                + "\",\"request\":{\"subtype\":\"can_use_tool\"}}");
    }

    /** As the pump does: what passes is not heard. */
    private void hears(String line) {
        if (!dialect.passes(new OutputLine(Channel.STDOUT, line))) {
            assertEquals(line, dialect.heard(line));
        }
    }

    private void answers(String requestId) throws Exception {
        dialect.send(new UserMessage.Structured(
                "{\"type\":\"control_response\",\"response\":{\"subtype\":\"success\",\"request_id\":\"" + requestId
                        + "\",\"response\":{\"behavior\":\"allow\"}}}"));
    }

    @Test
    void aDeeplyNestedMessageIsTextAndNoHarm() throws Exception {
        String deep = "[".repeat(100_000) + "]".repeat(100_000);
        dialect.send(new UserMessage.Structured(deep));
        assertEquals(deep, host.last().path("message").path("content").asText());
    }
}
