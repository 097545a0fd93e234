package dev.vibe.runner.application;

import java.util.concurrent.atomic.AtomicLong;

/**
 * How much may wait for agents that do not read, in bytes of memory: a share for each session that no other can take away, and a
 * pool for what is longer. All sessions together stay far below the memory there is. Thread-safe.
 */
final class InboxBudget {
    /** The longest message there can be fits, when nothing else does. */
    static final int POOL = 8 * 1024 * 1024;

    private static final int ALL_SHARES = 4 * 1024 * 1024;
    private static final int SMALLEST_SHARE = 4 * 1024;
    private static final int LARGEST_SHARE = 256 * 1024;

    private final int share;
    private final AtomicLong pool = new AtomicLong(POOL);

    InboxBudget(int maxSessions) {
        share = Math.clamp(ALL_SHARES / Math.max(1, maxSessions), SMALLEST_SHARE, LARGEST_SHARE);
    }

    /** Lets a session's inbox grow; takes nothing when that is too much. */
    boolean grow(long from, long to) {
        long more = beyondShare(to) - beyondShare(from);
        long left = pool.addAndGet(-more);
        if (left < 0 && more > 0) {
            pool.addAndGet(more);
            return false;
        }
        return true;
    }

    /** Gives back what an inbox does not hold any more. */
    void shrink(long from, long to) {
        pool.addAndGet(beyondShare(from) - beyondShare(to));
    }

    /** Whether one session that holds this much holds most of the pool. */
    boolean mostly(long bytes) {
        return beyondShare(bytes) > POOL / 2;
    }

    private long beyondShare(long bytes) {
        return Math.max(0, bytes - share);
    }
}
