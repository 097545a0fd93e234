package dev.vibe.runner.localserver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class WireTest {

    /** An agent's line may be any JSON, and a frame that the server refuses comes again and again. */
    @Test
    void whatAnAgentMaySayIsReadAndWritten() {
        for (String message : new String[] {
            "1".repeat(1_001), "[".repeat(3_000) + "]".repeat(3_000), "{\"" + "n".repeat(60_000) + "\":1}"
        }) {
            String frame = "{\"event\":\"message:from-claude\",\"data\":{\"message\":" + message + "}}";
            assertEquals(frame, Wire.text(Objects.requireNonNull(Wire.parse(frame))));
        }
    }

    @Test
    void whatIsNoObjectIsNothing() {
        assertNull(Wire.parse("[]"));
        assertNull(Wire.parse("{"));
        assertNull(Wire.parse(""));
    }
}
