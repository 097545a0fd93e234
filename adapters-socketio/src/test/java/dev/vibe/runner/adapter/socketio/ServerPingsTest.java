package dev.vibe.runner.adapter.socketio;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class ServerPingsTest {
    private static final long BEGIN = Long.MAX_VALUE - 5; // nanoTime may begin anywhere
    private final ServerPings pings = new ServerPings();

    @Test
    void nothingIsMissedBeforeTheHandshake() {
        assertFalse(pings.missed(BEGIN));
        assertFalse(pings.missed(-BEGIN));
    }

    @Test
    void pingsAreMissedWhereNothingCameForAsLongAsTheServerSaid() {
        pings.expect(Duration.ofNanos(100), after(0));
        assertFalse(pings.missed(after(100)));
        assertTrue(pings.missed(after(101)));
        pings.heard(after(50));
        assertFalse(pings.missed(after(150)));
        assertTrue(pings.missed(after(151)));
    }

    private static long after(long nanos) {
        return BEGIN + nanos;
    }
}
