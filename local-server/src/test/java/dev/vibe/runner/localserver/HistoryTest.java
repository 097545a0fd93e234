package dev.vibe.runner.localserver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class HistoryTest {
    private final History history = new History();

    @Test
    void entriesAreNumberedFromAnyPlaceOn() {
        for (int i = 0; i < 4; i++) {
            assertEquals(i, history.add("{\"n\":" + i + "}"));
        }
        assertEquals("[[2,{\"n\":2}],[3,{\"n\":3}]]", history.from(2, 1000));
        assertEquals("[]", history.from(4, 1000));
        assertEquals("[[0,{\"n\":0}]]", history.from(0, 5), "a part is never empty while something is left");
    }

    @Test
    void theOldestGoWhenItIsTooMuch() {
        for (int i = 0; i < 20_500; i++) {
            history.add("{}");
        }
        assertEquals(20_500, history.end());
        assertTrue(history.from(0, 10).startsWith("[[500,"), history.from(0, 10));
        history.add("\"" + "x".repeat(40_000_000) + "\"");
        assertTrue(history.from(0, 10).startsWith("[[20500,"));
    }
}
