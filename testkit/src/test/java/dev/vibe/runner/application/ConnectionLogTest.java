package dev.vibe.runner.application;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.vibe.runner.application.port.in.ConnectionView;
import dev.vibe.runner.application.port.in.ConnectionView.State;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class ConnectionLogTest {
    private final ConnectionLog log = new ConnectionLog(Clock.fixed(Instant.EPOCH, ZoneOffset.UTC));

    @Test
    void tellsTheStateAndHowItCameToBe() {
        assertEquals(State.CONNECTING, log.view().state());
        log.connected();
        assertFalse(log.firstAttempt().isDone(), "a connection is not yet a registration");
        log.registered();
        assertTrue(log.firstAttempt().isDone());
        log.lost("cut");
        log.connected();
        ConnectionView view = log.view();
        assertEquals(State.CONNECTED, view.state());
        assertEquals(1, view.reconnects());
        assertEquals(
                "connected registered cut connected",
                String.join(
                        " ",
                        view.history().stream().map(ConnectionView.Change::why).toList()));
    }

    @Test
    void theSameFailureAgainTakesNoMoreRoom() {
        for (int i = 0; i < 1000; i++) {
            log.lost("refused");
        }
        assertEquals(1, log.view().history().size());
        assertEquals(1000, log.view().history().getFirst().times());
        for (int i = 0; i < 1000; i++) {
            log.lost("failure " + i);
        }
        assertEquals(20, log.view().history().size());
        assertEquals("failure 999", log.view().history().getLast().why());
        assertEquals(0, log.view().reconnects());
    }

    @Test
    void knowsTheRoundTripOnceThereWasOne() {
        assertNull(log.view().roundTrip());
        log.roundTrip(Duration.ofMillis(3));
        assertEquals(Duration.ofMillis(3), log.view().roundTrip());
    }
}
