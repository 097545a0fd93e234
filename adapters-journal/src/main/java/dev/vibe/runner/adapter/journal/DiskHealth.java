package dev.vibe.runner.adapter.journal;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whether the disk takes what is written to it; says it once when it stops, and once when it works again. */
final class DiskHealth {
    private static final Logger LOG = LoggerFactory.getLogger(DiskHealth.class);

    private final AtomicBoolean failing = new AtomicBoolean();

    void failed(IOException problem) {
        if (failing.compareAndSet(false, true)) {
            LOG.error(
                    "the journal cannot be written ({}): going on in memory; what is said now does not survive a crash",
                    problem.toString());
        }
    }

    void works() {
        if (failing.get() && failing.compareAndSet(true, false)) {
            LOG.info("the journal can be written again");
        }
    }

    boolean failing() {
        return failing.get();
    }
}
