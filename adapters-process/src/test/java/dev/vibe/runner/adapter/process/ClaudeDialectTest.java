package dev.vibe.runner.adapter.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.vibe.runner.domain.UserMessage;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClaudeDialectTest {
    private final FakeHost host = new FakeHost();
    private final ClaudeDialect dialect = new ClaudeDialect(host, "uuid", false);

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
                "{`type`:`control_request`,`request_id`:1,`request`:{`subtype`:`interrupt`}} | *",
                "{`type`:`control_request`,`request_id`:`a`,`request`:{}} | *",
                "{`type`:`control_response`}                           | *",
                "{`type`:`control_response`,`response`:{}}             | *",
                "{`type`:`control_response`,`response`:`x`}            | *",
                "{`type`:`something`,`text`:`x`}                       | *",
                "{`role`:`system`,`content`:`x`}                       | *",
                "{`content`:[]}                                        | *",
                "{`content`:[{`type`:`text`}]}                         | *",
                "{`content`:[`x`]}                                     | *",
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
                "{\"type\":\"control_response\",\"response\":{\"subtype\":\"success\",\"request_id\":\"r\",\"response\":{\"behavior\":\"allow\"}}}")) {
            dialect.send(new UserMessage.Structured(own.replace(",", " ,\n ")));
            assertEquals(own, host.written.getLast());
        }
    }

    @Test
    void aDeeplyNestedMessageIsTextAndNoHarm() throws Exception {
        String deep = "[".repeat(100_000) + "]".repeat(100_000);
        dialect.send(new UserMessage.Structured(deep));
        assertEquals(deep, host.last().path("message").path("content").asText());
    }
}
