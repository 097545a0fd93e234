package dev.vibe.runner.bootstrap.replay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReplayTest {
    private static final Path RECORDINGS =
            Path.of(System.getProperty("vibe.root", "..")).resolve("adapters-process/src/test/resources/recordings");

    private static List<String> replay(boolean whole, boolean times, List<String> lines) {
        List<String> shown = new ArrayList<>();
        Replay replay = new Replay(whole, times, shown::add);
        lines.forEach(replay::line);
        return shown;
    }

    private static String recording(String name) throws IOException {
        return String.join("\n", replay(false, true, Files.readAllLines(RECORDINGS.resolve(name + ".jsonl"))));
    }

    @Test
    void claudesConversationReadsAsOne() throws Exception {
        String text = recording("claude-permission");
        assertTrue(text.contains("0.913  tool     Bash touch perm1.txt && echo done1"), text);
        assertTrue(text.contains("asks     may I? Bash touch perm1.txt && echo done1"), text);
        assertTrue(text.contains("user     [allow]"), text);
        assertTrue(text.contains("user     [deny] user said no"), text);
        assertTrue(text.contains("output   done1"), text);
        assertTrue(text.contains("result   turn over, 2 model turns"), text);
        assertFalse(text.contains("{\"type\""), text);
    }

    @Test
    void codexsConversationReadsAsOne() throws Exception {
        String text = recording("codex-appserver-approval");
        assertTrue(text.contains("user     [TOOL:touch cx1.txt && echo ok1]"), text);
        assertTrue(text.contains("tool     /bin/bash -lc 'touch cx1.txt && echo ok1'"), text);
        assertTrue(text.contains("user     [accept]"), text);
        assertTrue(text.contains("user     [decline]"), text);
        assertTrue(text.contains("result   turn completed"), text);
        assertFalse(text.contains("\u001b"), text);
    }

    @Test
    void whatAServerKeepsIsReadToo() {
        assertEquals(
                List.of("agent    hello", "stderr   a warning", "agent    plain words"),
                replay(
                        false,
                        false,
                        List.of(
                                "{\"sessionId\":\"s\",\"seq\":0,\"type\":\"stdout\",\"message\":{\"type\":\"assistant\",\"message\":"
                                        + "{\"content\":[{\"type\":\"text\",\"text\":\"hello\"}]}}}",
                                "{\"event\":\"message:from-claude\",\"payload\":{\"sessionId\":\"s\",\"type\":\"stderr\",\"message\":"
                                        + "{\"type\":\"text\",\"content\":\"a warning\",\"source\":\"stderr\"}}}",
                                "plain words")));
    }

    @Test
    void nothingInARecordingSpeaksToTheTerminal() {
        List<String> shown = replay(
                false,
                false,
                List.of("{\"dir\":\"out\",\"line\":\"\\u001b[31mred\\u001b[0m \\u001b]0;title\\u0007 \\u202e\"}"));
        assertEquals(List.of("agent    red \uFFFD]0;title\uFFFD \uFFFD"), shown);
    }

    @Test
    void longTextsAreCutUnlessAllIsWanted() {
        String line = "{\"type\":\"user\",\"message\":{\"content\":\"" + "x\\n".repeat(100) + "\"}}";
        assertEquals(
                "         ... 88 more lines (--full)",
                replay(false, false, List.of(line)).getLast());
        assertEquals(100, replay(true, false, List.of(line)).size());
    }

    @Test
    void whatIsOnlyBetweenProgramsIsLeftOutUnlessAllIsWanted() {
        List<String> line = List.of("{\"type\":\"rate_limit_event\"}");
        assertEquals(List.of(), replay(false, false, line));
        assertEquals(List.of("raw      {\"type\":\"rate_limit_event\"}"), replay(true, false, line));
    }
}
