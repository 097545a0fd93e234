package dev.vibe.runner.adapter.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class CodexPassingTest {
    private static final String DELTA = "item/agentMessage/delta";
    private static final Set<String> FOLLOWED =
            Set.of("turn/started", "turn/completed", "item/started", "serverRequest/resolved");

    private final CodexPassing passing = new CodexPassing(Set.of(DELTA));

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"method\":\"item/completed\",\"params\":{\"item\":{\"type\":\"agentMessage\"}},\"emittedAtMs\":1}",
                "{\"method\":\"thread/tokenUsage/updated\",\"params\":{}}",
                "{\"method\":\"item/agentMessage/delta\",\"params\":{\"delta\":\"\\u00e4\"}}"
            })
    void whatSaysNothingToTheRunnerPasses(String line) {
        assertTrue(passes(line));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"method\":\"turn/completed\",\"params\":{}}",
                "{\"method\":\"turn/started\",\"params\":{}}",
                "{\"method\":\"item/started\",\"params\":{}}",
                "{\"method\":\"serverRequest/resolved\",\"params\":{}}",
                "{\"method\":\"item/commandExecution/requestApproval\",\"id\":0,\"params\":{}}",
                "{\"method\":\"item/completed\",\"id\":0,\"params\":{}}",
                "{\"id\":0,\"method\":\"item/completed\",\"params\":{}}",
                "{\"id\":\"vibe-runner-1\",\"result\":{}}",
                "{\"method\":\"item/completed\",\"params\":[]}",
                "{\"method\":\"item/completed\"",
                "{\"method\":\"item/completed",
                "{\"method\":\"",
                "{\"method\":\"item/plan/delta\",\"params\":{}}",
                " {\"method\":\"item/completed\",\"params\":{}}",
                "[1]",
                ""
            })
    void allElseIsLookedAt(String line) {
        assertFalse(passes(line));
    }

    /** Else it would not be what it is meant for. */
    @Test
    void mostLinesOfARealRunPassAndNoneThatIsKeptBackOrTells() throws Exception {
        List<String> lines = Recording.of("codex-appserver-two-turn").lines().stream()
                .filter(line -> line.direction().equals("out"))
                .map(Recording.Line::text)
                .toList();
        List<String> looked = lines.stream().filter(line -> !passes(line)).toList();
        assertTrue(looked.size() * 2 < lines.size(), () -> looked.size() + " of " + lines.size());
        assertEquals(
                List.of(),
                lines.stream()
                        .filter(this::passes)
                        .filter(line -> CodexLine.of(line) instanceof CodexLine(var method, var id)
                                && (method == null || id != null || FOLLOWED.contains(method)))
                        .toList());
    }

    private boolean passes(String line) {
        return passing.passes(line.getBytes(StandardCharsets.UTF_8));
    }
}
