package dev.vibe.runner.adapter.process;

import java.time.Duration;

/**
 * Time in which something could be done, for whoever looks again and again: what passed between two looks counts only as far as that
 * takes. A machine that was paused meanwhile (a frozen container, a sandbox) paused its agents too: their time is not over, nor were
 * they silent. Used by one thread.
 */
final class AwakeTime {
    private final long mostNanos;
    private long beforeNanos;
    private long passedNanos;

    /**
     * Begins now.
     *
     * @param most what counts between two looks
     */
    AwakeTime(Duration most, long nowNanos) {
        mostNanos = most.toNanos();
        beforeNanos = nowNanos;
    }

    /** Looks. Returns what has passed since the beginning, in nanoseconds. */
    long passed(long nowNanos) {
        passedNanos += Math.clamp(nowNanos - beforeNanos, 0, mostNanos);
        beforeNanos = nowNanos;
        return passedNanos;
    }
}
