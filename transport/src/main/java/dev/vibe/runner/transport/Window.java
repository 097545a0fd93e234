package dev.vibe.runner.transport;

/**
 * How much may be on its way. A server that reads slowly must be able to answer in time what lies behind a whole window,
 * or its connection would be taken for dead, and the window be sent again, for ever. Kernels and proxies swallow
 * megabytes at once, so only the time of answers tells, less the time that the way itself takes. Not thread-safe.
 */
final class Window {
    /** Characters. What is ahead of a line on the wire while another session floods: twice as much made it wait longer in each run. */
    static final long LARGEST = 512 * 1024;

    /**
     * Over a long way: about half a window passes in the time that the way takes, there and back. With 512 KB at 300 ms that was 0.7 MB
     * a second. Below what may be repeated after a cut in all (docs/delivery.md).
     */
    static final long FARTHEST = 1_800_000;

    /** A way that takes no longer has the usual window. */
    private static final long NEAR_NANOS = 25_000_000;

    /** Where a connection begins, and the smallest. */
    static final long FIRST = 16 * 1024;

    /** Doubled while all of it would be read faster than this, halved while slower than the other. */
    private static final long FAST_NANOS = 500_000_000;

    private static final long SLOW_NANOS = 1_000_000_000;

    /** Answers to questions behind less of the window than this part say nothing of the server's pace. */
    private static final int TELLING_PART = 8;

    private long size = FIRST;
    private long fastest = Long.MAX_VALUE;

    /** Characters. */
    long size() {
        return size;
    }

    /** In step with the time of the way alone: no more waits before a line than is under way. */
    private long largest() {
        return fastest <= NEAR_NANOS ? LARGEST : (long) Math.min(FARTHEST, (double) LARGEST * fastest / NEAR_NANOS);
    }

    /**
     * A question was answered.
     *
     * @param ahead characters that were unconfirmed before it when it was asked
     * @param tookNanos until the answer
     */
    void answered(long ahead, long tookNanos) {
        fastest = Math.min(fastest, tookNanos);
        if (ahead < size / TELLING_PART) {
            return;
        }
        double forAll = (double) (tookNanos - fastest) * size / ahead;
        if (forAll < FAST_NANOS) {
            size = Math.min(largest(), size * 2);
        } else if (forAll > SLOW_NANOS) {
            size = Math.max(FIRST, size / 2);
        }
    }
}
