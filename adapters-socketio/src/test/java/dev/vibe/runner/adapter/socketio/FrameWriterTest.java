package dev.vibe.runner.adapter.socketio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import okio.Buffer;
import okio.Okio;
import okio.Sink;
import okio.Timeout;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FrameWriterTest {
    private static final byte[] PAYLOAD = "42[]".getBytes(StandardCharsets.UTF_8);

    private final Set<Thread> writing = ConcurrentHashMap.newKeySet();
    private final FrameWriter writer = new FrameWriter(failure -> {
        throw new IllegalStateException(failure);
    });

    @AfterEach
    void end() {
        writer.end();
        writer.awaitEnd(10_000);
    }

    @Test
    void whatIsHeldIsWrittenByWhoeverFlushes() {
        writer.begin(Okio.buffer(recording()));
        for (int i = 0; i < 10_000; i++) {
            assertTrue(writer.hold(Opcode.TEXT, PAYLOAD));
            writer.flush();
            assertEquals(0, writer.queued());
        }
        assertEquals(Set.of(Thread.currentThread()), writing);
    }

    /** A network may be full for hours: only the writer's own thread is there to wait for it. */
    @Test
    void whatIsPutIsNeverWrittenByWhoeverFlushes() {
        writer.begin(Okio.buffer(recording()));
        for (int i = 0; i < 10_000; i++) {
            assertTrue(writer.put(Opcode.TEXT, PAYLOAD));
            writer.flush();
            assertTrue(writer.hold(Opcode.TEXT, PAYLOAD)); // goes with it
        }
        assertTrue(writer.putLast(new byte[0]));
        writer.awaitEnd(10_000);
        assertEquals(0, writer.queued());
        assertEquals(1, writing.size());
        assertEquals("socketio-writer", writing.iterator().next().getName());
    }

    private Sink recording() {
        return new Sink() {
            @Override
            public void write(Buffer source, long byteCount) throws IOException {
                writing.add(Thread.currentThread());
                source.skip(byteCount);
            }

            @Override
            public void flush() {}

            @Override
            public Timeout timeout() {
                return Timeout.NONE;
            }

            @Override
            public void close() {}
        };
    }
}
