package dev.vibe.runner.application;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A clock that only the test moves. */
class RefusedForTest {
    private final RefusedFor refusedFor = new RefusedFor();
    private long now = Long.MAX_VALUE - 1_000_000_000L; // it may pass the end, as System.nanoTime does

    private Duration after(int seconds) {
        now += Duration.ofSeconds(seconds).toNanos();
        return refusedFor.refused(now);
    }

    @Test
    void countsFromTheFirstRefusal() {
        assertEquals(Duration.ZERO, after(5));
        assertEquals(Duration.ofSeconds(10), after(10));
        assertEquals(Duration.ofSeconds(20), after(10));
    }

    @Test
    void aPauseOfTheMachineHardlyCounts() {
        assertEquals(Duration.ZERO, after(0));
        assertEquals(Duration.ofSeconds(30), after(3_600));
        assertEquals(Duration.ofSeconds(40), after(10));
    }

    @Test
    void beginsAnewWhenForgotten() {
        after(0);
        after(10);
        refusedFor.forget();
        assertEquals(Duration.ZERO, after(10));
        assertEquals(Duration.ofSeconds(1), after(1));
    }
}
