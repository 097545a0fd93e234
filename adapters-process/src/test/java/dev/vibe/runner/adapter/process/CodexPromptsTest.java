package dev.vibe.runner.adapter.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.vibe.runner.domain.UserMessage;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What becomes of Codex's requests when its process is followed by another. */
@Timeout(30)
class CodexPromptsTest {
    private static final String REQUEST =
            "{\"method\":\"item/commandExecution/requestApproval\",\"id\":0,\"params\":{\"threadId\":\"t-1\",\"id\":0}}";
    private static final String RESOLVED =
            "{\"method\":\"serverRequest/resolved\",\"params\":{\"threadId\":\"t-1\",\"requestId\":0},\"emittedAtMs\":17}";

    private final FakeHost host = new FakeHost();

    @Test
    void inTheFirstProcessTheirIdsAreCodexsOwn() throws Exception {
        CodexDialect first = process(null, List.of());
        assertEquals(REQUEST, first.heard(REQUEST));
        assertEquals(RESOLVED, first.heard(RESOLVED));
    }

    @Test
    void anAnswerToOneOfADeadProcessIsNotTakenForAnotherOfTheNext() throws Exception {
        CodexDialect second = process("t-1", List.of());
        JsonNode shown = Json.read(String.valueOf(second.heard(REQUEST)));

        second.send(allow("0"));

        assertEquals(List.of(), host.written);
        assertTrue(host.said.getFirst().contains("request 0"), host.said::toString);
        second.send(allow(shown.path("id").asText()));
        assertEquals(Json.read("{\"id\":0,\"result\":{\"decision\":\"accept\"}}"), host.last());
    }

    @Test
    void theJsonRpcFormOfAnAnswerIsMappedBackToo() throws Exception {
        CodexDialect second = process("t-1", List.of());
        long shown = Json.read(String.valueOf(second.heard(REQUEST))).path("id").longValue();

        second.send(new UserMessage.Structured("{\"id\":" + shown + ",\"result\":{\"decision\":\"accept\"}}"));

        assertEquals(Json.read("{\"id\":0,\"result\":{\"decision\":\"accept\"}}"), host.last());
    }

    @Test
    void inTheNextProcessNothingButTheIdChanges() throws Exception {
        CodexDialect second = process("t-1", List.of());
        String request = String.valueOf(second.heard(REQUEST));
        long shown = Json.read(request).path("id").longValue();

        assertTrue(shown > Integer.MAX_VALUE && shown < 1L << 53, request);
        assertEquals(REQUEST.replace("\"id\":0,\"params\"", "\"id\":" + shown + ",\"params\""), request);
        assertEquals(RESOLVED.replace("\"requestId\":0", "\"requestId\":" + shown), second.heard(RESOLVED));
        second.send(allow(Long.toString(shown)));
        assertEquals(List.of(), host.written, "it is resolved");
    }

    @Test
    void eachProcessHasIdsOfItsOwn() {
        CodexIds one = CodexIds.unlikeEarlier(1_795_000_000_000L);
        CodexIds next = CodexIds.unlikeEarlier(1_795_000_000_001L);
        assertNotEquals(one.inRequest("{\"id\":0}"), next.inRequest("{\"id\":0}"));
        assertEquals("{\"id\":1795000000000000}", one.inRequest("{\"id\":0}"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "{`method`:`m`,`id`:7,`params`:{`id`:7}}     | {`method`:`m`,`id`:1007,`params`:{`id`:7}}",
                "{`params`:{`text`:`\uD83D\uDE00 \\u00e4`}, `id` : 7 } | {`params`:{`text`:`\uD83D\uDE00 \\u00e4`}, `id` : 1007 }",
                "{`id`:`a\\nb`,`x`:[1]}                      | {`id`:`1000-a\\nb`,`x`:[1]}",
                "{`id`:-1}                                   | {`id`:`1000--1`}",
                "{`id`:1.5,`x`:1}                            | {`id`:`1000-1.5`,`x`:1}",
                "{`id`:99999999999999999999}                 | {`id`:`1000-99999999999999999999`}",
                "{`id`:1,`id`:2}                             | {`id`:1,`id`:1002}",
                "{`id`:null}                                 | {`id`:null}",
                "{`x`:{`id`:1}}                              | {`x`:{`id`:1}}",
                "[1]                                         | [1]",
                "{`id`:7                                     | {`id`:7"
            })
    void whateverAnIdIsItIsReplacedWhereItStands(String line, String shown) {
        CodexIds ids = CodexIds.unlikeEarlier(1);
        assertEquals(shown.replace('`', '"'), ids.inRequest(line.replace('`', '"')));
    }

    @Test
    void anIdBehindALotOfTextIsFound() {
        String text = "\u00e4\uD83D\uDE00".repeat(50_000);
        String line = "{\"params\":{\"requestId\":1,\"text\":\"" + text + "\"},\"id\":";
        assertEquals(line + "1003}", CodexIds.unlikeEarlier(1).inRequest(line + "3}"));
    }

    @Test
    void whatWasOpenIsClosedInTheNamesTheUserKnows() throws Exception {
        CodexDialect first = ready(process(null, List.of()));
        first.heard(REQUEST);
        first.heard(REQUEST.replace("\"id\":0", "\"id\":1").replace("t-1", "child"));
        first.heard(REQUEST.replace("\"id\":0", "\"id\":2"));
        first.heard(RESOLVED.replace("\"requestId\":0", "\"requestId\":2"));
        first.send(allow("0"));

        process("t-1", first.settings()).begin();

        assertEquals(
                List.of(
                        "{\"method\":\"serverRequest/resolved\",\"params\":{\"threadId\":\"t-1\",\"requestId\":0}}",
                        "{\"method\":\"serverRequest/resolved\",\"params\":{\"threadId\":\"child\",\"requestId\":1}}"),
                host.passed);
    }

    @Test
    void whatWasOpenInALaterProcessIsClosedToo() throws Exception {
        CodexDialect second = process("t-1", List.of("{\"subtype\":\"set_model\"}", "no JSON"));
        ready(second);
        assertEquals(List.of(), host.passed, "what is none of its own is left alone");
        JsonNode shown = Json.read(String.valueOf(second.heard(REQUEST))).path("id");

        process("t-1", second.settings()).begin();

        assertEquals(shown, Json.read(host.passed.getFirst()).at("/params/requestId"));
    }

    @Test
    void noMoreAreRememberedThanAUserMayHaveOpen() throws Exception {
        CodexDialect first = ready(process(null, List.of()));
        for (int id = 0; id < 1_000; id++) {
            first.heard(REQUEST.replace("\"id\":0", "\"id\":" + id));
        }
        assertEquals(64, first.settings().size());
        assertTrue(first.settings().getLast().contains("999"), first.settings()::toString);
    }

    @Test
    void whatIsClosedIsNotForgottenBeforeTheProcessIsReady() throws Exception {
        CodexDialect first = ready(process(null, List.of()));
        first.heard(REQUEST);
        CodexDialect second = process("t-1", first.settings());
        assertEquals(first.settings(), second.settings());
        assertEquals(List.of(), ready(second).settings());
    }

    private CodexDialect ready(CodexDialect dialect) throws Exception {
        dialect.begin();
        assertNull(dialect.heard("{\"id\":\"" + host.last().path("id").asText() + "\",\"result\":{}}"));
        assertNull(dialect.heard(
                "{\"id\":\"" + host.last().path("id").asText() + "\",\"result\":{\"thread\":{\"id\":\"t-1\"}}}"));
        return dialect;
    }

    private static UserMessage allow(String id) {
        return new UserMessage.Structured("{\"type\":\"control_response\",\"response\":{\"subtype\":\"success\","
                + "\"request_id\":\"" + id + "\",\"response\":{\"behavior\":\"allow\"}}}");
    }

    private CodexDialect process(@Nullable String resume, List<String> left) {
        Path here = Path.of("/home/user/project");
        return new CodexDialect(host, here, ProcessSettings.defaults(Map.of(), here), resume, left);
    }
}
