package dev.vibe.runner.adapter.process;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What an interrupt does to Codex's sub-agents. */
@Timeout(30)
class CodexChildrenTest {
    private final FakeHost host = new FakeHost();
    private final CodexDialect dialect = new CodexDialect(
            host,
            Path.of("/home/user/project"),
            ProcessSettings.defaults(Map.of(), Path.of("/home/user/project")),
            "main",
            List.of());

    @Test
    void thoseThatWorkForTheInterruptedTurnAreInterruptedToo() throws Exception {
        started("main", "r-1", "r-1");
        started("one", "c-1", "r-1");
        started("two", "c-2", "r-1");
        started("older", "c-0", "r-0");

        completed("main", "r-1", "interrupted");

        assertEquals(List.of("turn/interrupt one c-1", "turn/interrupt two c-2"), written());
    }

    @Test
    void oneThatIsThroughIsLeftAlone() throws Exception {
        started("main", "r-1", "r-1");
        started("one", "c-1", "r-1");
        completed("one", "c-1", "completed");

        completed("main", "r-1", "interrupted");

        assertEquals(List.of(), written());
    }

    @Test
    void aTurnThatRunsToItsEndLeavesThemAtWork() throws Exception {
        started("main", "r-1", "r-1");
        started("one", "c-1", "r-1");

        completed("main", "r-1", "completed");

        assertEquals(List.of(), written());
    }

    @Test
    void oneThatBeginsAfterTheInterruptIsInterruptedAtOnce() throws Exception {
        started("main", "r-1", "r-1");
        completed("main", "r-1", "interrupted");
        started("one", "c-1", "r-1");
        started("main", "r-2", "r-2");
        started("two", "c-2", "r-2");

        assertEquals(List.of("turn/interrupt one c-1"), written());
    }

    @Test
    void ofACodexThatNamesNoRootTheTurnUnderWayIsTaken() throws Exception {
        started("main", "r-1", "r-1");
        var _ = dialect.heard(
                "{\"method\":\"turn/started\",\"params\":{\"threadId\":\"one\",\"turn\":{\"id\":\"c-1\",\"rootTurnId\":null}}}");

        completed("main", "r-1", "interrupted");

        assertEquals(List.of("turn/interrupt one c-1"), written());
    }

    @Test
    void whileNoTurnIsUnderWayAnInterruptIsForAllThatAreAtWork() throws Exception {
        started("main", "r-1", "r-1");
        started("one", "c-1", "r-1");
        completed("main", "r-1", "completed");

        dialect.interrupt();
        started("two", "c-2", "r-1");

        assertEquals(List.of("turn/interrupt one c-1", "turn/interrupt two c-2"), written());
    }

    @Test
    void theCommandsOfItsTurnEndWithASubAgentAndNoOthers() throws Exception {
        started("main", "r-1", "r-1");
        started("one", "c-0", "r-1");
        command("one", "older");
        completed("one", "c-0", "completed");
        started("one", "c-1", "r-1");
        command("one", "its");
        completed("main", "r-1", "interrupted");
        completed("one", "c-1", "interrupted"); // may come before the answer
        answer("{}");
        assertEquals("thread/backgroundTerminals/list one ", written().getLast());

        answer("{\"data\":[{\"itemId\":\"older\",\"processId\":\"1\"},{\"itemId\":\"its\",\"processId\":\"2\"}]}");

        assertEquals(3, written().size());
        assertEquals("thread/backgroundTerminals/terminate one ", written().getLast());
        assertEquals("2", host.last().at("/params/processId").asText());
    }

    @Test
    void soManyAreFollowedAndNoMore() throws Exception {
        started("main", "r-1", "r-1");
        for (int child = 0; child < 100; child++) {
            started("t-" + child, "c", "r-1");
        }
        completed("main", "r-1", "interrupted");
        assertEquals(64, written().size());
    }

    private void started(String thread, String turn, String root) {
        var _ = dialect.heard("{\"method\":\"turn/started\",\"params\":{\"threadId\":\"" + thread
                + "\",\"turn\":{\"id\":\"" + turn + "\",\"rootTurnId\":\"" + root + "\"}}}");
    }

    private void completed(String thread, String turn, String status) {
        var _ = dialect.heard("{\"method\":\"turn/completed\",\"params\":{\"threadId\":\"" + thread
                + "\",\"turn\":{\"id\":\"" + turn + "\",\"status\":\"" + status + "\"}}}");
    }

    private void command(String thread, String item) {
        var _ = dialect.heard("{\"method\":\"item/started\",\"params\":{\"threadId\":\"" + thread
                + "\",\"item\":{\"type\":\"commandExecution\",\"id\":\"" + item + "\"}}}");
    }

    /** Answers the request that was written last. */
    private void answer(String result) throws Exception {
        var _ = dialect.heard("{\"id\":\"" + host.last().path("id").asText() + "\",\"result\":" + result + "}");
    }

    private List<String> written() {
        return host.written.stream().map(CodexChildrenTest::shown).toList();
    }

    private static String shown(String line) {
        try {
            JsonNode request = Json.read(line);
            return request.path("method").asText() + " "
                    + request.at("/params/threadId").asText() + " "
                    + request.at("/params/turnId").asText("");
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
