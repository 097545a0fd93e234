package dev.vibe.runner.protocol;

import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.vibe.runner.domain.ServerCommand;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Whatever comes, the decoder answers and never throws. The seed of a failure is in its message. */
class CommandDecoderFuzzTest {
    private static final Duration TIME = Duration.ofSeconds(3);
    private static final List<String> EVENTS = List.of(
            EventNames.REGISTERED,
            EventNames.ERROR,
            EventNames.SESSION_START,
            EventNames.MESSAGE_SEND,
            EventNames.SESSION_STOP,
            EventNames.SESSION_INTERRUPT,
            "unknown",
            "");
    private static final List<String> PIECES = List.of(
            "{",
            "}",
            "[",
            "]",
            ",",
            ":",
            "\"",
            "\\",
            "\\u0000",
            "\\ud800",
            "\u0000",
            "\ud800",
            "\udc00",
            "\"sessionId\"",
            "\"agentType\"",
            "\"workingDirectory\"",
            "\"initialMessage\"",
            "\"message\"",
            "\"endpointId\"",
            "\"s1\"",
            "\"\"",
            "\"../..\"",
            "null",
            "true",
            "-",
            "0",
            "1e999999999",
            "-0.0",
            "NaN",
            " ",
            "\n",
            "é",
            "\ufeff",
            "{\"sessionId\":\"s1\",",
            "[[[[[[[[",
            "9".repeat(2_000),
            "\"" + "x".repeat(5_000) + "\"",
            "{\"a\":".repeat(300));

    private final CommandDecoder decoder = new CommandDecoder();

    @Test
    void nothingBreaksTheDecoder() {
        long end = System.nanoTime() + TIME.toNanos();
        long seed = 1;
        while (System.nanoTime() < end) {
            Random random = new Random(seed);
            String payload = payload(random);
            String event = EVENTS.get(random.nextInt(EVENTS.size()));
            try {
                Optional<ServerCommand> command = decoder.decode(event, payload);
                assertNotNull(command);
            } catch (RuntimeException | StackOverflowError broken) {
                throw new AssertionError("seed " + seed, broken);
            }
            seed++;
        }
        assertTrue(seed > 1_000, "only " + seed + " payloads were tried");
    }

    private static String payload(Random random) {
        StringBuilder text = new StringBuilder();
        if (random.nextBoolean()) {
            text.append("{\"sessionId\":\"s1\",\"agentType\":\"claude\",\"message\":{\"text\":\"hi\"}}");
            for (int i = random.nextInt(4); i > 0; i--) {
                int at = random.nextInt(text.length());
                text.replace(at, Math.min(text.length(), at + random.nextInt(3)), piece(random));
            }
        } else {
            for (int i = random.nextInt(40); i > 0; i--) {
                text.append(piece(random));
            }
        }
        return text.toString();
    }

    private static String piece(Random random) {
        return PIECES.get(random.nextInt(PIECES.size()));
    }
}
