package dev.vibe.runner.bootstrap;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.vibe.runner.testkit.FakeTransport;
import org.junit.jupiter.api.Test;

class EarlyTransportTest {
    @Test
    void itClosesThoughNobodyHasOpenedIt() {
        FakeTransport connecting = new FakeTransport(); // fails when a callback does not return
        EarlyTransport early = EarlyTransport.over(() -> connecting);
        early.close();
        assertTrue(connecting.closed());
    }
}
