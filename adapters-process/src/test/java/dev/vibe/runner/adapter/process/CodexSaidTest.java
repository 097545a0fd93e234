package dev.vibe.runner.adapter.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.vibe.runner.domain.UserMessage;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What becomes of messages that Codex drops with the turn they had joined. */
@Timeout(30)
class CodexSaidTest {
    private final FakeHost host = new FakeHost();
    private final CodexDialect dialect = new CodexDialect(
            host,
            Path.of("/home/user/project"),
            ProcessSettings.defaults(Map.of(), Path.of("/home/user/project")),
            "t-1",
            List.of());

    @Test
    void whatAnInterruptedTurnHadNotTakenUpIsTheNext() throws Exception {
        begin("r-1", "first");
        join("r-1", "second");
        join("r-1", "third");

        end("r-1", "interrupted");

        assertEquals(List.of("first", "second", "third", "second", "third"), texts());
        assertFalse(dialect.betweenTurns());
        assertEquals(List.of(), host.said);
    }

    @Test
    void whatWasTakenUpIsNotSaidTwice() throws Exception {
        begin("r-1", "first");
        takenUp(join("r-1", "second"));

        end("r-1", "interrupted");

        assertEquals(List.of("first", "second"), texts());
    }

    @Test
    void aTurnThatRanToItsEndHasDroppedNothing() throws Exception {
        begin("r-1", "first");
        join("r-1", "second");

        end("r-1", "completed");

        assertEquals(List.of("first", "second"), texts());
        end("r-1", "interrupted");
        assertEquals(List.of("first", "second"), texts());
    }

    /** Its user has interrupted just that. */
    @Test
    void theMessageThatBeganTheTurnIsNotSaidAgain() throws Exception {
        begin("r-1", "first");
        end("r-1", "completed");
        String second = say("second");
        String third = say("third");
        answer(second, "r-2");
        answer(third, "r-2");

        end("r-2", "interrupted");

        assertEquals(List.of("first", "second", "third", "third"), texts());
    }

    @Test
    void whatIsDroppedOnceMoreIsSaidOnceMore() throws Exception {
        begin("r-1", "first");
        join("r-1", "second");
        join("r-1", "third");
        end("r-1", "interrupted");
        String second = id(-2);
        answer(second, "r-2");
        answer(id(-1), "r-2");
        takenUp(second);

        end("r-2", "interrupted");

        assertEquals(List.of("first", "second", "third", "second", "third", "third"), texts());
    }

    @Test
    void butNotForEver() throws Exception {
        begin("r-0", "first");
        join("r-0", "second");
        for (int turn = 0; turn < 20; turn++) {
            end("r-" + turn, "interrupted");
            if (host.said.isEmpty()) { // a turn that Codex has begun itself
                begun("r-" + (turn + 1));
                answer(id(-1), "r-" + turn);
            }
        }
        assertEquals(1 + 10, texts().size());
        assertEquals(1, host.said.size());
    }

    @Test
    void anAnswerMayComeAfterTheEndOfTheTurnThatDroppedIt() throws Exception {
        begin("r-1", "first");
        String second = say("second");
        end("r-1", "interrupted");
        assertEquals(List.of("first", "second"), texts());

        answer(second, "r-1");

        assertEquals(List.of("first", "second", "second"), texts());
    }

    @Test
    void aMessageThatCameTooLateForTheTurnHasOneOfItsOwn() throws Exception {
        begin("r-1", "first");
        String second = say("second");
        end("r-1", "interrupted");

        answer(second, "r-2");

        assertEquals(List.of("first", "second"), texts());
    }

    @Test
    void ofACodexThatDoesNotSayWhatItTookUpNothingIsKnownToBeDropped() throws Exception {
        String first = say("first");
        answer(first, "r-1");
        begun("r-1");
        item("null");
        join("r-1", "second");

        end("r-1", "interrupted");

        assertEquals(List.of("first", "second"), texts());
        assertTrue(dialect.betweenTurns());
    }

    @Test
    void whatIsTooLongToBeKeptIsSaidToBeLost() throws Exception {
        begin("r-1", "first");
        join("r-1", "x".repeat(3 << 20));
        join("r-1", "y".repeat(1 << 20));
        join("r-1", "z".repeat(1 << 20));
        join("r-1", "last");

        end("r-1", "interrupted");

        assertEquals(5 + 2, texts().size());
        assertEquals("last", texts().getLast());
        assertEquals(
                List.of(
                        "vibe-runner: 2 of the messages that Codex dropped with the interrupted turn could not be given to"
                                + " it again"),
                host.said);
    }

    @Test
    void aRefusedMessageIsNotSaidAgain() throws Exception {
        begin("r-1", "first");
        String refused = say("refused");
        var _ = dialect.heard("{\"id\":\"" + refused + "\",\"error\":{\"message\":\"no\"}}");

        end("r-1", "interrupted");

        assertEquals(List.of("first", "refused"), texts());
    }

    private void begin(String turn, String text) throws Exception {
        String id = say(text);
        answer(id, turn);
        begun(turn);
        takenUp(id);
    }

    private String join(String turn, String text) throws Exception {
        String id = say(text);
        answer(id, turn);
        return id;
    }

    private String say(String text) throws Exception {
        dialect.send(new UserMessage.Text(text));
        assertEquals(
                host.last().path("id"), host.last().path("params").path("clientUserMessageId"), "that it is known by");
        return host.last().path("id").asText();
    }

    private void answer(String id, String turn) {
        var _ = dialect.heard("{\"id\":\"" + id + "\",\"result\":{\"turn\":{\"id\":\"" + turn + "\"}}}");
    }

    private void begun(String turn) {
        var _ = dialect.heard(
                "{\"method\":\"turn/started\",\"params\":{\"threadId\":\"t-1\",\"turn\":{\"id\":\"" + turn + "\"}}}");
    }

    private void takenUp(String id) {
        item("\"" + id + "\"");
    }

    private void item(String clientId) {
        var _ = dialect.heard(
                "{\"method\":\"item/started\",\"params\":{\"item\":{\"type\":\"userMessage\",\"clientId\":" + clientId
                        + "},\"threadId\":\"t-1\"}}");
    }

    private void end(String turn, String status) {
        var _ = dialect.heard("{\"method\":\"turn/completed\",\"params\":{\"threadId\":\"t-1\",\"turn\":{\"id\":\""
                + turn + "\",\"status\":\"" + status + "\"}}}");
    }

    /** Of a message that went out; -1 is the last. */
    private String id(int index) throws Exception {
        return Json.read(host.written.get(host.written.size() + index))
                .path("id")
                .asText();
    }

    private List<String> texts() {
        return host.written.stream().map(CodexSaidTest::text).toList();
    }

    private static String text(String line) {
        try {
            JsonNode request = Json.read(line);
            assertEquals("turn/start", request.path("method").asText());
            return request.at("/params/input/0/text").asText();
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
