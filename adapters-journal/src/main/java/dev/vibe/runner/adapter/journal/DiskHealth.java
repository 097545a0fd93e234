package dev.vibe.runner.adapter.journal;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether the disk takes what is written to it; says it once when it stops, and once when it works again and has all.
 * Thread-safe.
 */
final class DiskHealth {
    private static final Logger LOG = LoggerFactory.getLogger(DiskHealth.class);

    private final Runnable failed;
    private final AtomicBoolean failing = new AtomicBoolean();
    private final AtomicLong held = new AtomicLong();

    /** @param failed called when the disk stops to work; must not wait */
    DiskHealth(Runnable failed) {
        this.failed = failed;
    }

    void failed(IOException problem) {
        if (failing.compareAndSet(false, true)) {
            failed.run();
            LOG.error(
                    "the journal cannot be written ({}): going on in memory; what is said now does not survive a crash",
                    problem.toString());
        }
    }

    /** Something was written. That counts once no lane's events are in memory: another lane may be where the disk is not. */
    void works() {
        if (failing.get() && !holding() && failing.compareAndSet(true, false)) {
            LOG.info("the journal can be written again");
        }
    }

    /** So many more events, or fewer, are in memory instead of on disk. */
    void hold(int more) {
        if (more != 0) {
            held.addAndGet(more);
        }
    }

    boolean holding() {
        return held.get() > 0;
    }

    /** Whether something that is to be kept would be, or is, in memory. */
    boolean failing() {
        return failing.get() || holding();
    }
}
