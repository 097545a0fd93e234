package dev.vibe.runner.transport;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Notices that this machine, or this process, was stopped for a while: a sandbox that is paused and resumed, a laptop's
 * lid. The monotonic clock stands still during the one kind of pause and runs on during the other, so two things tell: the
 * wall clock went further than the monotonic one, or a look came much later than it was due. Used by one thread.
 */
final class Naps {
    private static final long NANOS_PER_MILLI = 1_000_000;
    private static final long WORTH_NOTICING = Duration.ofSeconds(2).toMillis();

    private final LongSupplier wallMillis;
    private final LongSupplier monotonicNanos;
    private final long dueMillis;
    private long wall;
    private long monotonic;

    /**
     * Begins now.
     *
     * @param due the longest time between two looks
     */
    Naps(LongSupplier wallMillis, LongSupplier monotonicNanos, Duration due) {
        this.wallMillis = wallMillis;
        this.monotonicNanos = monotonicNanos;
        dueMillis = due.toMillis();
        wall = wallMillis.getAsLong();
        monotonic = monotonicNanos.getAsLong();
    }

    /** How long the pause was, in ms, if there was one since the last look; else 0. A clock set by hand looks the same. */
    long sinceLastLook() {
        long wallNow = wallMillis.getAsLong();
        long monotonicNow = monotonicNanos.getAsLong();
        long wallPassed = wallNow - wall;
        long monotonicPassed = (monotonicNow - monotonic) / NANOS_PER_MILLI;
        wall = wallNow;
        monotonic = monotonicNow;
        long jumped = Math.abs(wallPassed - monotonicPassed);
        long late = monotonicPassed - dueMillis;
        long longest = Math.max(jumped, late);
        return longest > WORTH_NOTICING ? longest : 0;
    }
}
