package dev.vibe.runner.adapter.process;

import java.util.concurrent.atomic.AtomicLong;

/**
 * How much memory the lines of all agents take on their way from the pipes to the outbox. Nobody waits for room here: where there is
 * none left, each takes less than it would like and goes on with that, so that an agent whose lines cannot leave never stops
 * another one. Measured before there was this: 150 agents that print as fast as they can used up a heap of 96 MB. Thread-safe.
 */
final class LineRoom {
    /** An eighth of the heap: two dozen floods at full speed, any number at less. */
    static final LineRoom SHARED = new LineRoom(12L * 1024 * 1024);

    private final long bytes;
    private final AtomicLong used = new AtomicLong();

    LineRoom(long bytes) {
        this.bytes = bytes;
    }

    /** Counts what is held; negative for what no longer is. */
    void hold(long more) {
        used.addAndGet(more);
    }

    /** Whether all should do with little. */
    boolean scarce() {
        return used.get() >= bytes;
    }

    long used() {
        return used.get();
    }
}
