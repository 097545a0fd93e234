package dev.vibe.runner.application;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TurnClockTest {
    private final TurnClock clock = new TurnClock();

    private @Nullable Duration look(int completed, boolean more, long nowNanos) {
        return clock.ended(completed) ? clock.end(more, nowNanos) : null;
    }

    @Test
    void timesATurnFromItsMessageToItsEnd() {
        clock.message(100);
        assertNull(look(0, false, 150));
        assertEquals(Duration.ofNanos(60), clock.underWay(160));
        assertEquals(Duration.ofNanos(200), look(1, false, 300));
        assertNull(clock.underWay(310));
        assertNull(look(1, false, 320));
    }

    @Test
    void aMessageDuringATurnBeginsTheNextWhereThatEnds() {
        clock.message(100);
        clock.message(200);
        assertEquals(Duration.ofNanos(200), look(1, true, 300));
        assertEquals(Duration.ofNanos(50), clock.underWay(350));
        assertEquals(Duration.ofNanos(100), look(2, false, 400));
    }

    @Test
    void aTurnThatNobodyAskedForIsNotTimed() {
        assertNull(look(1, false, 100));
    }

    @Test
    void aMessageThatWasRefusedBeginsNothing() {
        clock.message(100);
        clock.refused();
        assertNull(clock.underWay(200));
    }

    @Test
    void anotherProcessCountsAnew() {
        clock.message(1);
        assertEquals(Duration.ofNanos(1), look(1, false, 2));
        clock.newProcess();
        clock.message(10);
        assertEquals(Duration.ofNanos(5), look(1, false, 15));
    }
}
