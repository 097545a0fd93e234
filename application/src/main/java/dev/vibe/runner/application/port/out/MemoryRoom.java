package dev.vibe.runner.application.port.out;

import java.util.concurrent.atomic.AtomicLong;

/**
 * How much memory something takes for all sessions together. Nobody waits for room here: where there is none left, each does with
 * little and goes on, so that a session whose lines cannot leave never stops another one. Measured before there was this: 150
 * agents that print as fast as they can used up a heap of 96 MB. Thread-safe; never blocks.
 */
public final class MemoryRoom {
    private final long bytes;
    private final AtomicLong used = new AtomicLong();

    /** @param bytes from where on all do with little; what they hold then comes on top */
    public MemoryRoom(long bytes) {
        this.bytes = bytes;
    }

    /** Counts what is held, in bytes; negative for what no longer is. */
    public void hold(long more) {
        used.addAndGet(more);
    }

    /** Whether all should do with little. */
    public boolean scarce() {
        return used.get() >= bytes;
    }

    /** What is held, in bytes. */
    public long used() {
        return used.get();
    }
}
