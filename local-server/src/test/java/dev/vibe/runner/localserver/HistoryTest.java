package dev.vibe.runner.localserver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class HistoryTest {
    private final History history = new History();

    @Test
    void entriesAreNumberedFromAnyPlaceOn() {
        for (int i = 0; i < 4; i++) {
            assertEquals(i, history.add(bytes("{\"n\":" + i + "}")));
        }
        assertEquals("[[2,{\"n\":2}],[3,{\"n\":3}]]", from(2, 1000));
        assertEquals("[]", from(4, 1000));
        assertEquals("[[0,{\"n\":0}]]", from(0, 5), "a part is never empty while something is left");
    }

    @Test
    void theOldestGoWhenThereAreTooMany() {
        for (int i = 0; i < 20_500; i++) {
            history.add(bytes("{}"));
        }
        assertEquals(20_500, history.end());
        assertTrue(from(0, 10).startsWith("[[500,"), from(0, 10));
    }

    @Test
    void itCountsWhatItTakes() {
        history.add(bytes("\"⏺\""));
        long one = history.bytes();
        assertTrue(one > 5, "three bytes, the quotes, and what Java adds: " + one);
        history.add(bytes("\"⏺\""));
        assertEquals(2 * one, history.bytes());
        history.dropOldest();
        assertEquals("[[1,\"⏺\"]]", from(0, 10));
        history.dropOldest();
        history.dropOldest();
        assertEquals(0, history.bytes());
        assertEquals(2, history.end());
    }

    private String from(long first, long atMost) {
        return new String(history.from(first, atMost), StandardCharsets.UTF_8);
    }

    private static byte[] bytes(String json) {
        return json.getBytes(StandardCharsets.UTF_8);
    }
}
