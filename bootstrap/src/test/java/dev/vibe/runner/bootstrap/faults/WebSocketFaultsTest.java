package dev.vibe.runner.bootstrap.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import org.junit.jupiter.api.Test;

/** The same over plain WebSocket, where the server says what it has: nothing comes twice. */
class WebSocketFaultsTest extends LinkFaults {
    WebSocketFaultsTest() {
        super("WebSocket: ", Map.of("VIBE_TRANSPORT", "websocket"));
    }

    @Test
    void aServerThatSaysWhatItHasSeesNothingTwice() throws Exception {
        Ledger ledger = cuts();
        assertEquals(0, ledger.repeats());
    }
}
