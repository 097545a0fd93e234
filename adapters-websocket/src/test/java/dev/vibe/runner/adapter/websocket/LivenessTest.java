package dev.vibe.runner.adapter.websocket;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class LivenessTest {
    private static final long SECOND = 1_000_000_000L;

    private final Liveness liveness =
            new Liveness(Duration.ofSeconds(15), Duration.ofSeconds(5), Duration.ofSeconds(1), 0);

    @Test
    void aPingIsDueWhenNothingWasHeardForAWhile() {
        assertFalse(liveness.pingDue(14 * SECOND));
        assertTrue(liveness.pingDue(15 * SECOND));
        liveness.heard(15 * SECOND);
        assertFalse(liveness.pingDue(29 * SECOND));
        liveness.pinged(false, 30 * SECOND);
        assertFalse(liveness.pingDue(60 * SECOND), "one is on its way");
    }

    @Test
    void anUnansweredPingMeansDeath() {
        liveness.pinged(false, 15 * SECOND);
        assertFalse(liveness.dead(19 * SECOND));
        assertTrue(liveness.dead(20 * SECOND));
        liveness.heard(20 * SECOND);
        assertFalse(liveness.dead(100 * SECOND));
    }

    @Test
    void inAHurryLessTimeIsGiven() {
        liveness.pinged(true, 15 * SECOND);
        assertTrue(liveness.hurrying());
        assertTrue(liveness.dead(16 * SECOND));
        liveness.heard(16 * SECOND);
        assertFalse(liveness.hurrying());
        liveness.pinged(true, 30 * SECOND);
        liveness.answered(30 * SECOND + 1);
        assertFalse(liveness.hurrying());
    }

    /** It lay in a buffer of the system; the link was then taken for a good one for 20 s. */
    @Test
    void whatCameBeforeAPauseAndIsReadBehindItIsNoSignOfLife() {
        liveness.pinged(true, 15 * SECOND);
        liveness.heard(15 * SECOND + 1_000_000);
        assertTrue(liveness.hurrying());
        assertTrue(liveness.dead(16 * SECOND));
    }
}
