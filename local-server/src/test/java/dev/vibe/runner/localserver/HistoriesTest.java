package dev.vibe.runner.localserver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class HistoriesTest {
    private final Histories histories = new Histories(10_000);

    @Test
    void allOfThemTogetherStayWithinTheBudget() {
        List<History> many = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            many.add(histories.open());
        }
        for (int i = 0; i < 5_000; i++) {
            add(many.get(i % many.size()), 100);
            assertTrue(histories.bytes() <= 10_000, "after " + i + " entries: " + histories.bytes());
        }
        assertEquals(histories.bytes(), many.stream().mapToLong(History::bytes).sum());
    }

    @Test
    void whatEndedFirstGoesFirst() {
        History running = histories.open();
        History second = histories.open();
        History first = histories.open();
        for (History each : List.of(running, second, first)) {
            add(each, 3_000);
        }
        histories.close(first);
        histories.close(second);
        add(running, 3_000);
        assertEquals(0, first.bytes());
        assertTrue(second.bytes() > 0);
        add(running, 3_000);
        assertEquals(0, second.bytes());
        assertEquals(3, running.end());
        assertEquals(9_000, running.bytes());
    }

    @Test
    void theLargestOfThoseThatGoOnLosesItsOldest() {
        History small = histories.open();
        History large = histories.open();
        add(small, 1_000);
        for (int i = 0; i < 8; i++) {
            add(large, 1_000);
        }
        add(small, 1_000);
        assertEquals(10_000, histories.bytes());
        add(small, 1_000);
        assertEquals(3_000, small.bytes());
        assertEquals(7_000, large.bytes());
        assertTrue(text(large).startsWith("[[1,"), "the oldest is gone");
    }

    @Test
    void whatIsSaidAfterTheEndIsCountedAndWhatIsForgottenIsNot() {
        History late = histories.open();
        histories.close(late);
        add(late, 1_000);
        histories.forget(late);
        assertEquals(0, histories.bytes());
        History other = histories.open();
        add(other, 20_000);
        assertEquals(0, histories.bytes(), "an entry larger than the budget is forgotten at once");
        assertEquals(1, other.end());
    }

    private void add(History history, int bytes) {
        histories.add(history, ("\"" + "x".repeat(bytes - 34) + "\"").getBytes(StandardCharsets.UTF_8));
    }

    private static String text(History history) {
        return new String(history.from(0, 1_000_000), StandardCharsets.UTF_8);
    }
}
