package dev.vibe.runner.adapter.process;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class AwakeTimeTest {
    @Test
    void countsBetweenTwoLooksNoMoreThanALookMayTake() {
        long begin = Long.MAX_VALUE - 100; // it may pass the end, as System.nanoTime does
        AwakeTime awake = new AwakeTime(Duration.ofNanos(200), begin);
        assertEquals(150, awake.passed(begin + 150));
        assertEquals(350, awake.passed(begin + 1_000_000));
        assertEquals(350, awake.passed(begin + 1_000_000));
        assertEquals(360, awake.passed(begin + 1_000_010));
    }
}
