package dev.vibe.runner.protocol;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.vibe.runner.domain.Channel;
import dev.vibe.runner.domain.EndpointId;
import dev.vibe.runner.domain.OutputLine;
import dev.vibe.runner.domain.SessionEvent;
import dev.vibe.runner.domain.SessionId;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The fast way gives what the plain one gives, byte for byte. */
class LineFramesTest {
    private static final Envelope SOCKET_IO = new Envelope("42[\"", "\",", "]");
    private static final Envelope WEBSOCKET = new Envelope("{\"event\":\"", "\",\"data\":", "}");
    private static final int ROOMY = 1_000_000;

    private final EventEncoder encoder = new EventEncoder("cloud-e2b", "token");
    private final LineFrames frames = new LineFrames();

    @Test
    void anyTextAndAnyJson() {
        Random random = new Random(3);
        for (int i = 0; i < 20_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int length = random.nextInt(40); length > 0; length--) {
                int kind = random.nextInt(6);
                text.appendCodePoint(
                        kind == 0
                                ? random.nextInt(0x20)
                                : kind == 1
                                        ? "\"\\/{}[]".charAt(random.nextInt(7))
                                        : kind == 2 ? 0x1F600 + random.nextInt(50) : 'a' + random.nextInt(26));
            }
            String line =
                    random.nextBoolean() ? text.toString() : "{\"a\":[\"" + "x".repeat(random.nextInt(50)) + "\"]}";
            check(
                    event("session " + random.nextInt(40) + " \"ü\"", random.nextLong(Long.MAX_VALUE), line),
                    random.nextBoolean() ? SOCKET_IO : WEBSOCKET);
        }
    }

    @Test
    void numbersOfAnyLength() {
        for (long seq = 1; seq > 0 && seq < Long.MAX_VALUE / 10; seq *= 10) {
            check(event("s", seq - 1, "{}"), SOCKET_IO);
            check(event("s", seq, "{}"), SOCKET_IO);
        }
        check(event("s", Long.MAX_VALUE, "plain"), SOCKET_IO);
    }

    @Test
    void theLimitIsThePayloads() {
        for (String line : new String[] {"{\"a\":1}", "a \"quoted\"\ttext\u0001 \u00fc"}) {
            SessionEvent.Output event = event("s", 7, line);
            int length = encoder.encode(event, ROOMY).json().getBytes(StandardCharsets.UTF_8).length;
            assertNotNull(frames.frame(event, length, SOCKET_IO));
            assertNull(frames.frame(event, length - 1, SOCKET_IO));
        }
    }

    private void check(SessionEvent.Output event, Envelope envelope) {
        EncodedEvent plain = encoder.encode(event, ROOMY);
        String expected = envelope.before() + plain.name() + envelope.between() + plain.json() + envelope.after();
        byte[] frame = frames.frame(event, ROOMY, envelope);
        assertNotNull(frame);
        assertEquals(expected, new String(frame, StandardCharsets.UTF_8));
        assertArrayEquals(expected.getBytes(StandardCharsets.UTF_8), frame);
    }

    private static SessionEvent.Output event(String session, long seq, String line) {
        Channel channel = seq % 2 == 0 ? Channel.STDOUT : Channel.STDERR;
        return new SessionEvent.Output(new SessionId(session), new EndpointId("e"), seq, new OutputLine(channel, line));
    }
}
