package dev.vibe.runner.application;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class TurnClockTest {
    private final TurnClock clock = new TurnClock();

    @Test
    void timesATurnFromItsMessageToItsEnd() {
        clock.message(100);
        assertNull(clock.look(0, false, 150));
        assertEquals(Duration.ofNanos(60), clock.underWay(160));
        assertEquals(Duration.ofNanos(200), clock.look(1, false, 300));
        assertNull(clock.underWay(310));
        assertNull(clock.look(1, false, 320));
    }

    @Test
    void aMessageDuringATurnBeginsTheNextWhereThatEnds() {
        clock.message(100);
        clock.message(200);
        assertEquals(Duration.ofNanos(200), clock.look(1, true, 300));
        assertEquals(Duration.ofNanos(50), clock.underWay(350));
        assertEquals(Duration.ofNanos(100), clock.look(2, false, 400));
    }

    @Test
    void aTurnThatNobodyAskedForIsNotTimed() {
        assertNull(clock.look(1, false, 100));
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
        assertEquals(Duration.ofNanos(1), clock.look(1, false, 2));
        clock.newProcess();
        clock.message(10);
        assertEquals(Duration.ofNanos(5), clock.look(1, false, 15));
    }
}
