package dev.vibe.runner.adapter.process;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(20)
class ClaudeConversationsTest {
    private final Path home;
    private final ClaudeConversations conversations;

    ClaudeConversationsTest(@TempDir Path home) {
        this.home = home;
        conversations = new ClaudeConversations(Map.of("HOME", home.toString()));
    }

    @Test
    void aConversationThatWasNeverStoredIsNotThere() {
        assertFalse(conversations.has("one"));
        assertFalse(conversations.taken("one"));
    }

    @Test
    void aConversationWithAMessageIsThere() throws IOException {
        stored("one", "{\"type\":\"\"}\n{\"parentUuid\":null,\"type\":\"user\",\"message\":{}}\n");
        assertTrue(conversations.has("one"));
    }

    /** As Claude leaves it a moment after {@code /clear}: it refuses to resume it, and to begin one under its name. */
    @Test
    void oneWithoutAnyIsNotThoughItsNameIsTaken() throws IOException {
        stored("one", "{\"type\":\"mode\",\"mode\":\"\\\"type\\\":\\\"user\\\"\"}\n");
        assertFalse(conversations.has("one"));
        assertTrue(conversations.taken("one"));
    }

    @Test
    void aMessageIsFoundByItsUuidAndNotByAMentionOfIt() throws IOException {
        stored(
                "one",
                "{\"parentUuid\":\"u-0\",\"type\":\"user\",\"message\":{\"content\":\"\\\"uuid\\\":\\\"u-2\\\"\"},\"uuid\":\"u-1\"}\n");
        assertTrue(conversations.has("one", "u-1"));
        assertFalse(conversations.has("one", "u-0"));
        assertFalse(conversations.has("one", "u-2"));
        assertFalse(conversations.has("two", "u-1"));
    }

    @Test
    void itIsFoundWhereverItLies() throws IOException {
        for (int before = 8 * 1024 - 20; before < 8 * 1024 + 5; before++) {
            stored("one", "x".repeat(before) + "\"uuid\":\"u-1\"}\n");
            assertTrue(conversations.has("one", "u-1"), "behind " + before);
        }
    }

    private void stored(String id, String lines) throws IOException {
        Path folder = Files.createDirectories(home.resolve(".claude/projects/-work"));
        Files.writeString(folder.resolve(id + ".jsonl"), lines);
    }
}
