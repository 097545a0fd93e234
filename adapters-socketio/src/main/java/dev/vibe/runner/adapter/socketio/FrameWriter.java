package dev.vibe.runner.adapter.socketio;

import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What leaves on one WebSocket, in order, by a thread of its own: who sends must never wait for a network, and what waits
 * together is written together.
 */
final class FrameWriter {
    /** As much as OkHttp queues; a {@code Flow} keeps far below it. */
    private static final long MAX_QUEUED = 16 * 1024 * 1024;
    /** A server that reads nothing may send pings, whose answers have no bytes and take 50 each here. */
    private static final int MAX_FRAMES = 100_000;

    /** What is worth a write of its own, while there is more to come. */
    private static final int ENOUGH = MaskedFrames.BYTES / 4 * 3;

    private static final class Frame {
        final int opcode;
        final byte[] payload;

        Frame(int opcode, byte[] payload) {
            this.opcode = opcode;
            this.payload = payload;
        }
    }

    private final Consumer<IOException> failed;
    private final CountDownLatch ended = new CountDownLatch(1);
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition more = lock.newCondition();
    // All guarded by lock.
    private final ArrayDeque<Frame> frames = new ArrayDeque<>();
    private long queued;
    private @Nullable MaskedFrames out; // used by whoever has set "writing"
    private boolean writing;
    private boolean told; // what is in line is left to the writer's thread
    private boolean closing; // the last frame is in line
    private boolean over;

    /** @param failed told, on the writer's thread, that the network takes no more */
    FrameWriter(Consumer<IOException> failed) {
        this.failed = failed;
    }

    void begin(OutputStream sink) {
        MaskedFrames opened = new MaskedFrames(sink);
        lock.lock();
        try {
            out = opened;
        } finally {
            lock.unlock();
        }
        Thread thread = new Thread(() -> run(opened), "socketio-writer");
        thread.setDaemon(true);
        thread.start();
    }

    /** Puts a frame in line, at once; false when it will not leave. */
    boolean put(int opcode, byte[] payload) {
        lock.lock();
        try {
            boolean taken = hold(opcode, payload);
            if (taken) {
                tell();
            }
            return taken;
        } finally {
            lock.unlock();
        }
    }

    /** Under lock. */
    private boolean hold(int opcode, byte[] payload) {
        if (over || closing || queued + payload.length > MAX_QUEUED || frames.size() >= MAX_FRAMES) {
            return false;
        }
        hold(new Frame(opcode, payload));
        return true;
    }

    /** As {@link #put}, but the frame may stay in line until most of a buffer has come together, others leave, or {@link #flush} or {@link #push} is called. */
    boolean gather(int opcode, byte[] payload) {
        lock.lock();
        try {
            boolean taken = hold(opcode, payload);
            if (taken && queued >= ENOUGH) {
                tell();
            }
            return taken;
        } finally {
            lock.unlock();
        }
    }

    /** What is in line leaves, by the writer's thread. */
    void push() {
        lock.lock();
        try {
            if (!frames.isEmpty()) {
                tell();
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * Writes what is in line on the calling thread, if all of it was {@link #gather gathered} and no other thread is at it, who then goes on
     * with this: that spares a frame that comes alone the way over the writer's thread. For callers who know that the system takes
     * without waiting what they hold; what was {@link #put} it may not take.
     */
    void flush() {
        List<Frame> batch = new ArrayList<>();
        MaskedFrames free;
        lock.lock();
        try {
            free = out;
            if (free == null || over || writing || told || frames.isEmpty()) {
                return;
            }
            collect(batch);
        } finally {
            lock.unlock();
        }
        try {
            write(batch, free);
        } catch (IOException gone) {
            failed.accept(gone);
        } catch (RuntimeException unexpected) {
            failed.accept(new IOException("the connection cannot be written to", unexpected));
        }
    }

    /** Puts the goodbye in line: nothing follows it. */
    boolean putLast(byte[] payload) {
        lock.lock();
        try {
            if (over || closing) {
                return false;
            }
            closing = true;
            add(new Frame(Opcode.CLOSE, payload));
            return true;
        } finally {
            lock.unlock();
        }
    }

    private void add(Frame frame) {
        hold(frame);
        tell();
    }

    /** Under lock. */
    private void tell() {
        told = true;
        more.signal();
    }

    private void hold(Frame frame) {
        frames.add(frame);
        queued += frame.payload.length;
    }

    /** Bytes that have not been handed to the system. */
    long queued() {
        lock.lock();
        try {
            return queued;
        } finally {
            lock.unlock();
        }
    }

    /** Nothing more leaves. */
    void end() {
        lock.lock();
        try {
            over = true;
            more.signal();
        } finally {
            lock.unlock();
        }
    }

    /** Waits until the last frame has left, or nothing leaves any more. */
    void awaitEnd(long millis) {
        try {
            boolean _ = ended.await(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run(MaskedFrames out) {
        List<Frame> batch = new ArrayList<>();
        try {
            while (take(batch)) {
                write(batch, out);
            }
        } catch (IOException gone) {
            failed.accept(gone);
        } catch (RuntimeException unexpected) {
            failed.accept(new IOException("the connection cannot be written to", unexpected));
        } finally {
            ended.countDown();
        }
    }

    /** The batch is empty after this. */
    private void write(List<Frame> batch, MaskedFrames to) throws IOException {
        long bytes = 0;
        try {
            for (Frame frame : batch) {
                to.write(frame.opcode, frame.payload);
                bytes += frame.payload.length;
            }
            to.flush();
        } finally {
            batch.clear();
            written(bytes);
        }
    }

    /** Waits for frames; false when none will come. */
    private boolean take(List<Frame> batch) {
        lock.lock();
        try {
            while (writing || (!told && !over && !closing)) {
                more.awaitUninterruptibly();
            }
            if (!over) {
                collect(batch);
            }
            return writing;
        } finally {
            lock.unlock();
        }
    }

    /** Under lock. As many as go in one write, and one at least. */
    private void collect(List<Frame> batch) {
        int bytes = 0;
        for (Frame next = frames.peek(); next != null; next = frames.peek()) {
            bytes += next.payload.length + MaskedFrames.LONGEST_HEADER;
            if (bytes > MaskedFrames.BYTES && !batch.isEmpty()) {
                break;
            }
            batch.add(frames.remove());
        }
        writing = !batch.isEmpty();
        told &= !frames.isEmpty();
    }

    private void written(long bytes) {
        lock.lock();
        try {
            queued -= bytes;
            writing = false;
            // The writer's thread sleeps through what others write.
            if (!frames.isEmpty()) {
                tell();
            } else if (over || closing) {
                more.signal();
            }
        } finally {
            lock.unlock();
        }
    }
}
