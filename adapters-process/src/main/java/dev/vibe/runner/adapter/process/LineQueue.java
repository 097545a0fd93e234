package dev.vibe.runner.adapter.process;

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
 */
final class LineQueue {
    private static final int MAX_LINES = 2048;
    private static final long MAX_BYTES = 256 * 1024;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    // All guarded by lock.
    private List<OutputLine> lines = new ArrayList<>();
    private final Map<Channel, Fill> fills =
            new EnumMap<>(Map.of(Channel.STDOUT, new Fill(), Channel.STDERR, new Fill()));
    private boolean closed;
    /** Owned by the reader's thread: what it has taken and not yet returned. */
    private final ArrayDeque<OutputLine> taken = new ArrayDeque<>();

    /** How much of a channel is in the queue. */
    private static final class Fill {
        private int count;
        private long bytes;
        private boolean waiting;

        void add(OutputLine line) {
            count++;
            bytes += line.utf8().length;
        }

        boolean full() {
            return count >= MAX_LINES || bytes >= MAX_BYTES;
        }

        void clear() {
            count = 0;
            bytes = 0;
        }
    }

    /** Adds lines of one channel; waits while that channel has its fill. Lines put after {@link #close} are dropped. */
    void put(Channel channel, List<OutputLine> batch) throws InterruptedException {
        if (batch.isEmpty()) {
            return;
        }
        Fill fill = fill(channel);
        lock.lockInterruptibly();
        try {
            for (OutputLine line : batch) {
                while (!closed && fill.full()) {
                    fill.waiting = true;
                    changed.signalAll();
                    changed.await();
                    fill.waiting = false;
                }
                if (closed) {
                    return;
                }
                lines.add(line);
                fill.add(line);
            }
            changed.signalAll();
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
                changed.signalAll();
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
                changed.await();
            }
            List<OutputLine> all = lines;
            lines = new ArrayList<>();
            fills.values().forEach(Fill::clear);
            changed.signalAll();
            return all;
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
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
