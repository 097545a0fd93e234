package dev.vibe.runner.adapter.socketio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class FrameWriterTest {
    private static final byte[] PAYLOAD = "42[]".getBytes(StandardCharsets.UTF_8);

    private final Set<Thread> writing = ConcurrentHashMap.newKeySet();
    private final AtomicInteger writes = new AtomicInteger();
    private final BlockingQueue<Integer> lengths = new LinkedBlockingQueue<>();
    private final FrameWriter writer = new FrameWriter(failure -> {
        throw new IllegalStateException(failure);
    });

    @AfterEach
    void end() {
        writer.end();
        writer.awaitEnd(10_000);
    }

    @Test
    void whatIsGatheredIsWrittenByWhoeverFlushes() {
        writer.begin(recording());
        for (int i = 0; i < 10_000; i++) {
            assertTrue(writer.gather(Opcode.TEXT, PAYLOAD));
            writer.flush();
            assertEquals(0, writer.queued());
        }
        assertEquals(Set.of(Thread.currentThread()), writing);
    }

    /** A network may be full for hours: only the writer's own thread is there to wait for it. */
    @Test
    void whatIsPutIsNeverWrittenByWhoeverFlushes() {
        writer.begin(recording());
        for (int i = 0; i < 10_000; i++) {
            assertTrue(writer.put(Opcode.TEXT, PAYLOAD));
            writer.flush();
            assertTrue(writer.gather(Opcode.TEXT, PAYLOAD)); // goes with it
        }
        assertTrue(writer.putLast(new byte[0]));
        writer.awaitEnd(10_000);
        assertEquals(0, writer.queued());
        assertEquals(1, writing.size());
        assertEquals("socketio-writer", writing.iterator().next().getName());
    }

    /** Answers to pings, of a server that reads nothing. */
    @Test
    void framesWithoutBytesAreBoundedToo() {
        int taken = 0;
        while (writer.put(Opcode.PONG, new byte[0])) {
            taken++;
            assertTrue(taken <= 200_000, "no bound");
        }
        assertTrue(taken >= 50_000, taken + " only");
        writer.begin(recording());
    }

    /** As many frames as fit go in one write: each costs a system call, and wakes the server. */
    @Test
    void whatWaitsTogetherIsWrittenTogether() {
        byte[] line = new byte[2_000];
        for (int i = 0; i < 300; i++) {
            assertTrue(writer.gather(Opcode.TEXT, line));
        }
        assertTrue(writer.putLast(new byte[0]));
        writer.begin(recording());
        writer.awaitEnd(10_000);
        assertEquals(0, writer.queued());
        assertTrue(writes.get() <= 300 * 2_000 / (MaskedFrames.BYTES - 2_100) + 1, writes + " writes");
    }

    @Test
    void whatIsGatheredLeavesWithMoreOrWhenItIsPushed() throws Exception {
        writer.begin(recording());
        assertTrue(writer.gather(Opcode.TEXT, new byte[2_000]));
        assertTrue(writer.gather(Opcode.TEXT, new byte[2_000]));
        assertEquals(4_000, writer.queued());
        writer.flush(); // takes nothing that the writer's thread was told of
        assertEquals(1, lengths.remove() / 4_000, "in one write");
        assertEquals(Set.of(Thread.currentThread()), writing);
        assertTrue(writer.gather(Opcode.TEXT, new byte[2_000]));
        assertTrue(writer.gather(Opcode.TEXT, new byte[2_000]));
        writer.push();
        assertEquals(1, lengths.poll(10, TimeUnit.SECONDS) / 4_000);
        for (int i = 0; i < 100; i++) {
            assertTrue(writer.gather(Opcode.TEXT, new byte[2_000]));
        }
        assertTrue(lengths.poll(10, TimeUnit.SECONDS) > MaskedFrames.BYTES / 2);
    }

    private OutputStream recording() {
        return new OutputStream() {
            @Override
            public void write(int b) {
                throw new AssertionError("frames come as arrays");
            }

            @Override
            public void write(byte[] bytes, int from, int length) {
                writes.incrementAndGet();
                lengths.add(length);
                writing.add(Thread.currentThread());
            }
        };
    }
}
