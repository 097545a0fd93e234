package dev.vibe.runner.adapter.socketio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.vibe.runner.protocol.FrameLimit;
import org.junit.jupiter.api.Test;

/** How a server is asked, and what it says of itself. */
class ConfirmingTest {
    @Test
    void waysToAskAreTriedFromTheBestToTheLast() {
        Confirming confirming = new Confirming();
        assertTrue(confirming.unanswered(Confirming.Way.PROBE));
        assertEquals(Confirming.Way.CALLBACK, confirming.way());
        assertFalse(confirming.unanswered(Confirming.Way.PROBE), "that is known");
        assertTrue(confirming.unanswered(Confirming.Way.CALLBACK));
        assertEquals(Confirming.Way.WRITTEN, confirming.way());
        assertFalse(confirming.unanswered(Confirming.Way.WRITTEN));
        assertTrue(confirming.answered(Confirming.Way.PROBE));
        assertEquals(Confirming.Way.PROBE, confirming.way());
    }

    @Test
    void aWayThatHasWorkedIsGivenUpAfterThreeSilentConnections() {
        Confirming confirming = new Confirming();
        assertFalse(confirming.answered(Confirming.Way.PROBE));
        for (int round = 0; round < 2; round++) {
            assertFalse(confirming.unanswered(Confirming.Way.PROBE));
            assertFalse(confirming.unanswered(Confirming.Way.PROBE));
            assertFalse(confirming.answered(Confirming.Way.PROBE));
        }
        assertFalse(confirming.unanswered(Confirming.Way.PROBE));
        assertFalse(confirming.unanswered(Confirming.Way.PROBE));
        assertTrue(confirming.unanswered(Confirming.Way.PROBE));
    }

    @Test
    void aServersLimitIsReadFromItsHandshake() {
        assertEquals(
                20_000, Limits.frame("0{\"sid\":\"a\",\"maxPayload\":20000}").bytes());
        assertEquals(1_000_000, Limits.frame("0{\"sid\":\"a\"}").bytes());
        assertEquals(
                8 * 1024 * 1024,
                Limits.frame("0{\"maxPayload\":999999999999999999}").bytes());
        assertEquals(
                8 * 1024 * 1024,
                Limits.frame("0{\"maxPayload\":1.7976931348623157e+308}").bytes());
        assertEquals(8 * 1024 * 1024, Limits.frame("0{\"maxPayload\":1e21}").bytes());
        assertEquals(100_000, Limits.frame("0{\"maxPayload\":100000.5}").bytes());
        assertEquals(1_000_000, Limits.frame("0{\"maxPayload\":null}").bytes());
        assertEquals(512, Limits.frame("0{\"maxPayload\":5}").bytes());
        assertTrue(new FrameLimit(20_000).message() < new FrameLimit(20_000).payload());
        assertTrue(new FrameLimit(2_048).message() > 0);
    }
}
