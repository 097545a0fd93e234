package dev.vibe.runner.adapter.process;

import dev.vibe.runner.application.port.out.MemoryRoom;
import dev.vibe.runner.domain.Channel;
import dev.vibe.runner.domain.OutputLine;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Carries one of an agent's pipes into the queue. A platform thread: a read of a pipe holds a virtual thread's carrier. */
final class Pump {
    private static final Logger LOG = LoggerFactory.getLogger(Pump.class);
    /** No less than the stream's own buffer, which is then not used. */
    private static final int FIRST_CHUNK = 8 * 1024;

    /** As much as a pipe holds. */
    private static final int STDOUT_CHUNK = 64 * 1024;

    /** A chunk, and the lines cut from it. */
    private static final int CHUNK_MEMORY = 2 * STDOUT_CHUNK;

    /** After so many small reads a flood is over. */
    private static final int SMALL_READS = 16;

    static final int STACK_BYTES = 256 * 1024;

    private final Channel channel;
    private final InputStream pipe;
    private final LineQueue queue;
    private final LineFramer framer;
    private final MemoryRoom room;
    private final List<OutputLine> batch = new ArrayList<>();
    private final Thread thread;
    private final CountDownLatch holding = new CountDownLatch(1);
    private final CountDownLatch finished = new CountDownLatch(1);
    private volatile long lastRead = System.nanoTime();

    Pump(Channel channel, InputStream pipe, LineQueue queue, IntSupplier limit, LineFilter filter, String name) {
        this.channel = channel;
        this.pipe = pipe;
        this.queue = queue;
        this.room = queue.room();
        this.framer = new LineFramer(
                channel,
                limit,
                line -> {
                    if (filter.passes(line)) {
                        batch.add(line);
                        return;
                    }
                    String text = line.text();
                    String passed = filter.heard(text);
                    if (passed != null) {
                        batch.add(passed.equals(text) ? line : new OutputLine(channel, passed));
                    }
                },
                LineBudget.SHARED);
        this.thread = new Thread(null, this::run, name + "-" + channel.wireName(), STACK_BYTES);
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    /** Returns once the pipe is held, so that the JDK cannot close it. A process that goes at once must not go before. */
    void awaitHold() {
        boolean interrupted = false;
        while (holding.getCount() > 0) {
            try {
                holding.await();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Waits for the end of the pipe; false when {@code millis} passed first. */
    boolean awaitEnd(long millis) throws InterruptedException {
        return finished.await(millis, TimeUnit.MILLISECONDS);
    }

    /** When something last came, by {@link System#nanoTime}. */
    long lastRead() {
        return lastRead;
    }

    /** Whether it is the reader that is waited for. */
    boolean held() {
        return queue.full(channel);
    }

    /**
     * Closes our end of the pipe, come to its end or not. A read under way returns when a byte comes or the last writer goes; the thread ends then.
     */
    void abandon() {
        try {
            pipe.close();
        } catch (IOException e) {
            LOG.debug("closing {}: {}", channel, e.toString());
        }
    }

    private void run() {
        // The JDK, on the process's exit, would read what is in the pipe into memory without a bound and close it,
        // though
        // the agent's children may go on writing. It needs this monitor for that, so we hold it until the end.
        synchronized (pipe) {
            holding.countDown();
            try {
                read();
            } catch (IOException e) {
                LOG.debug("reading {}: {}", channel, e.toString());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } finally {
                framer.release();
                finished.countDown();
                abandon();
            }
        }
    }

    private void read() throws IOException, InterruptedException {
        byte[] chunk = new byte[FIRST_CHUNK];
        int small = 0;
        try {
            for (int n = pipe.read(chunk); n >= 0; n = pipe.read(chunk)) {
                lastRead = System.nanoTime();
                for (int at = 0; at < n; ) {
                    at = framer.accept(chunk, at, n);
                    pass();
                }
                lastRead = System.nanoTime();
                small = n < FIRST_CHUNK ? small + 1 : 0;
                if (chunk.length == FIRST_CHUNK) {
                    chunk = n == FIRST_CHUNK ? forAFlood(chunk) : chunk;
                } else if (small == SMALL_READS) {
                    room.hold(-CHUNK_MEMORY);
                    chunk = new byte[FIRST_CHUNK];
                }
            }
        } finally {
            room.hold(chunk.length == FIRST_CHUNK ? 0 : -CHUNK_MEMORY);
        }
        framer.finish();
        pass();
    }

    /** Most agents never write so fast. */
    private byte[] forAFlood(byte[] chunk) {
        if (channel != Channel.STDOUT || room.scarce()) {
            return chunk;
        }
        room.hold(CHUNK_MEMORY);
        return new byte[STDOUT_CHUNK];
    }

    private void pass() throws InterruptedException {
        queue.put(channel, batch);
        batch.clear();
    }
}
