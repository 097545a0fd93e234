package dev.vibe.runner.adapter.process;

import dev.vibe.runner.application.port.out.LineSink;
import dev.vibe.runner.application.port.out.MemoryRoom;
import dev.vibe.runner.domain.Channel;
import dev.vibe.runner.domain.OutputLine;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Where both pumps of an agent meet its one reader. Bounded by count and by size, each channel for itself, so that a flood
 * on one does not keep the other's lines out. Lines cross in batches: one lock for a whole read, not for a line.
 *
 * <p>A reader that {@link #carry carries} lets a pump with nothing before it go all the way by itself: that spares the line the
 * time until another thread has woken.
 */
final class LineQueue {
    /** Of the lines of all agents, an eighth of the heap: two dozen floods at full speed, any number at less. */
    private static final MemoryRoom ROOM = new MemoryRoom(12L << 20);

    private static final int MAX_LINES = 2048;
    private static final long MAX_BYTES = 256 * 1024;

    /** What each channel may hold however little room there is. */
    private static final long LEAST_BYTES = 16 * 1024;

    /** What a line takes besides its bytes. */
    private static final int LINE_OVERHEAD = 64;

    private final MemoryRoom room;

    private final ReentrantLock lock = new ReentrantLock();
    /** Lines have come, or what the reader waits for besides. */
    private final Condition toRead = lock.newCondition();
    /** There is room. */
    private final Condition toWrite = lock.newCondition();
    // All guarded by lock.
    private List<OutputLine> lines = new ArrayList<>();
    private final Map<Channel, Fill> fills =
            new EnumMap<>(Map.of(Channel.STDOUT, new Fill(), Channel.STDERR, new Fill()));
    private boolean closed;
    private @Nullable LineSink sink;
    private boolean carrying; // by a pump or by the reader, outside the lock
    private long inHand; // of the room: what the reader has taken and not yet carried
    private @Nullable Throwable failure; // of the sink, on a pump's thread; unchecked
    /** Owned by the reader's thread: what it has taken and not yet returned. */
    private final ArrayDeque<OutputLine> taken = new ArrayDeque<>();

    /** How much of a channel is in the queue. */
    private final class Fill {
        private int count;
        private long bytes;
        private volatile boolean waiting;

        void add(OutputLine line) {
            long weight = (long) LINE_OVERHEAD + line.utf8().length;
            count++;
            bytes += weight;
            room.hold(weight);
        }

        boolean full() {
            return count >= MAX_LINES || bytes >= MAX_BYTES || (bytes >= LEAST_BYTES && room.scarce());
        }

        /** Returns what was in it, which stays in the room. */
        long clear() {
            long held = bytes;
            count = 0;
            bytes = 0;
            return held;
        }
    }

    LineQueue() {
        this(ROOM);
    }

    LineQueue(MemoryRoom room) {
        this.room = room;
    }

    MemoryRoom room() {
        return room;
    }

    /** Adds lines of one channel; waits while that channel has its fill. Lines put after {@link #close} are dropped. */
    void put(Channel channel, List<OutputLine> batch) throws InterruptedException {
        if (!batch.isEmpty() && !carriedOn(channel, batch)) {
            enqueue(channel, batch);
        }
    }

    /** Gives the batch to the sink, if there is one and nothing is before it. */
    private boolean carriedOn(Channel channel, List<OutputLine> batch) throws InterruptedException {
        Fill fill = fill(channel);
        LineSink to;
        lock.lockInterruptibly();
        try {
            to = sink;
            if (to == null || carrying || closed || !lines.isEmpty()) {
                return false;
            }
            carrying = true;
            fill.waiting = true;
        } finally {
            lock.unlock();
        }
        Throwable thrown = null;
        try {
            to.accept(batch);
        } catch (RuntimeException | Error failed) {
            thrown = failed;
        } finally {
            fill.waiting = false;
            carried(thrown);
        }
        return true;
    }

    private void enqueue(Channel channel, List<OutputLine> batch) throws InterruptedException {
        Fill fill = fill(channel);
        lock.lockInterruptibly();
        try {
            for (OutputLine line : batch) {
                while (!closed && fill.full()) {
                    fill.waiting = true;
                    toRead.signal();
                    toWrite.await();
                    fill.waiting = false;
                }
                if (closed) {
                    return;
                }
                lines.add(line);
                fill.add(line);
            }
            toRead.signal();
        } finally {
            fill.waiting = false;
            lock.unlock();
        }
    }

    /** Adds a line without waiting; for the few words the runner itself has to say. */
    void add(OutputLine line) {
        lock.lock();
        try {
            if (!closed) {
                lines.add(line);
                fill(line.channel()).add(line);
                toRead.signal();
            }
        } finally {
            lock.unlock();
        }
    }

    /** The next line, or null once closed and empty. One reader only. */
    @Nullable
    OutputLine take() throws InterruptedException {
        if (taken.isEmpty()) {
            taken.addAll(waitForLines());
        }
        return taken.poll();
    }

    /** All lines there are, in order; waits while there is none. Empty once closed and empty. One reader only. */
    List<OutputLine> takeAll() throws InterruptedException {
        if (taken.isEmpty()) {
            return waitForLines();
        }
        List<OutputLine> rest = new ArrayList<>(taken);
        taken.clear();
        return rest;
    }

    private List<OutputLine> waitForLines() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (lines.isEmpty()) {
                if (closed) {
                    return List.of();
                }
                toRead.await();
            }
            List<OutputLine> all = all();
            letGo();
            return all;
        } finally {
            lock.unlock();
        }
    }

    /** Under lock. */
    private List<OutputLine> all() {
        List<OutputLine> all = lines;
        lines = new ArrayList<>();
        for (Fill fill : fills.values()) {
            inHand += fill.clear();
        }
        toWrite.signalAll();
        return all;
    }

    /**
     * Gives every line to {@code to}, on this thread or a pump's, never on two at once; returns when the queue is closed and all
     * has been given. Instead of {@link #take} and {@link #takeAll}. When {@code to} has thrown, the queue is closed:
     * nobody takes anything any more, and a pump that waited for room would wait for ever.
     *
     * @throws RuntimeException what {@code to} has thrown
     */
    void carry(LineSink to) throws InterruptedException {
        lock.lock();
        try {
            sink = to;
        } finally {
            lock.unlock();
        }
        try {
            for (List<OutputLine> next = nextToCarry(); !next.isEmpty(); next = nextToCarry()) {
                try {
                    to.accept(next);
                } finally {
                    carried(null);
                }
            }
        } catch (RuntimeException | Error failed) {
            close();
            giveUp();
            throw failed;
        } finally {
            stopCarrying();
        }
    }

    /** What is in the queue is taken by nobody any more. */
    private void giveUp() {
        lock.lock();
        try {
            List<OutputLine> ignored = all();
            letGo();
        } finally {
            lock.unlock();
        }
    }

    /** Under lock. */
    private void letGo() {
        room.hold(-inHand);
        inHand = 0;
    }

    /** What no pump has carried, to be carried now by the caller; empty at the end. */
    private List<OutputLine> nextToCarry() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (carrying || (lines.isEmpty() && !closed && failure == null)) {
                toRead.await();
            }
            switch (failure) {
                case null -> {}
                case Error error -> throw error;
                case RuntimeException exception -> throw exception;
                default -> throw new IllegalStateException(failure);
            }
            carrying = !lines.isEmpty();
            return all();
        } finally {
            lock.unlock();
        }
    }

    private void carried(@Nullable Throwable thrown) {
        lock.lock();
        try {
            carrying = false;
            letGo();
            if (thrown != null) {
                failure = thrown;
                sink = null;
            }
            // The reader sleeps through all that needs no reader.
            if (sink == null || closed || !lines.isEmpty()) {
                toRead.signal();
            }
        } finally {
            lock.unlock();
        }
    }

    private void stopCarrying() {
        lock.lock();
        try {
            sink = null;
            while (carrying) {
                toRead.awaitUninterruptibly();
            }
        } finally {
            lock.unlock();
        }
    }

    /** True while this channel's pump waits for the reader: its silence is not the agent's. */
    boolean full(Channel channel) {
        lock.lock();
        try {
            return fill(channel).waiting;
        } finally {
            lock.unlock();
        }
    }

    private Fill fill(Channel channel) {
        return Objects.requireNonNull(fills.get(channel));
    }

    /** No more lines will come; those in the queue are still taken. */
    void close() {
        close(null);
    }

    /** @param last comes behind all others, whoever may still try to add one */
    void close(@Nullable OutputLine last) {
        lock.lock();
        try {
            if (last != null) {
                add(last);
            }
            closed = true;
            toRead.signal();
            toWrite.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
