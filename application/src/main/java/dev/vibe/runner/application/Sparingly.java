package dev.vibe.runner.application;

import java.time.Duration;
import java.util.function.LongSupplier;

/** Lets a kind of log line through now and then only: what a server sends must not fill a disk. Thread-safe. */
final class Sparingly {
    private static final int LINES = 20;
    private static final long WINDOW_NANOS = Duration.ofSeconds(10).toNanos();

    private final LongSupplier nanoTime;
    private boolean begun;
    private long windowNanos;
    private int lines;
    private long suppressed;

    Sparingly(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** Logs, or does not; tells the log how much it did not. */
    void log(Logging line) {
        long missing;
        synchronized (this) {
            long now = nanoTime.getAsLong();
            if (!begun || now - windowNanos >= WINDOW_NANOS) {
                begun = true;
                windowNanos = now;
                lines = 0;
            }
            if (lines >= LINES) {
                suppressed++;
                return;
            }
            lines++;
            missing = suppressed;
            suppressed = 0;
        }
        line.log(missing == 0 ? "" : " (and " + missing + " lines like this were left out)");
    }

    /** Writes a line. */
    interface Logging {
        /** Logs it, with a remark at its end that is empty or tells what is missing. */
        void log(String remark);
    }
}
