package dev.vibe.runner.adapter.process;

import java.time.Duration;

/**
 * How much memory lines may take that have not come to their end, of all agents together: each stream may have one as long as the
 * server takes (a megabyte as a rule), and a hundred agents that print without a line's end have a hundred. A line that needs more
 * than is left waits a moment, since most come to their end soon, and is then cut. Thread-safe.
 */
final class LineBudget {
    /** A quarter of the heap; and less patience than is had with a pipe that says nothing more. */
    static final LineBudget SHARED = new LineBudget(24L * 1024 * 1024, Duration.ofMillis(400));

    private final long patienceNanos;
    /** Guarded by this. */
    private long left;

    /** @param patience how long one who asks waits at most */
    LineBudget(long bytes, Duration patience) {
        left = bytes;
        patienceNanos = patience.toNanos();
    }

    /** Waits for so many bytes; false, and nothing is taken, where they are not to be had in time. */
    synchronized boolean take(long bytes) {
        long end = System.nanoTime() + patienceNanos;
        while (left < bytes) {
            long millis = (end - System.nanoTime()) / 1_000_000;
            if (millis <= 0) {
                return false;
            }
            try {
                wait(millis);
            } catch (InterruptedException over) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
        left -= bytes;
        return true;
    }

    /** Gives back what was taken. */
    synchronized void give(long bytes) {
        left += bytes;
        notifyAll();
    }

    synchronized long left() {
        return left;
    }
}
