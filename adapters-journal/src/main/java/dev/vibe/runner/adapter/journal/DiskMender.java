package dev.vibe.runner.adapter.journal;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tries a disk that failed again and again until it works. Whoever writes tries it too, but those who wait for room do not write, and
 * would wait for as long as the server is away. Its thread is there only while the disk fails.
 */
final class DiskMender implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DiskMender.class);
    private static final Duration PAUSE = Duration.ofSeconds(1);

    /** One try; may wait for the disk. */
    interface Attempt {
        /** Whether the disk works, and has all. */
        boolean mended();
    }

    private final Attempt attempt;

    private final CountDownLatch closed = new CountDownLatch(1);

    /** Guarded by this. */
    private @Nullable Thread thread;

    DiskMender(Attempt attempt) {
        this.attempt = attempt;
    }

    /** The disk has failed. Returns at once. */
    synchronized void failed() {
        if (thread != null || closed.getCount() == 0) {
            return;
        }
        Thread mending = Thread.ofPlatform()
                .name("disk-mender")
                .daemon()
                .stackSize(256 * 1024)
                .unstarted(this::mend);
        try {
            mending.start();
            thread = mending;
        } catch (OutOfMemoryError noThread) {
            LOG.debug("nobody looks after the disk, but for those who write: {}", noThread.getMessage());
        }
    }

    private void mend() {
        try {
            boolean over = false;
            while (!over && pause()) {
                over = over();
            }
        } catch (InterruptedException nobodyDoes) {
            Thread.currentThread().interrupt();
        }
    }

    /** False where nothing is to be tried any more. Not ended by an interrupt, which would close the file that is being written. */
    private boolean pause() throws InterruptedException {
        return !closed.await(PAUSE.toMillis(), TimeUnit.MILLISECONDS);
    }

    private boolean over() {
        if (!attempt.mended()) {
            return false;
        }
        synchronized (this) {
            thread = null;
        }
        // It may have failed once more before that.
        if (!attempt.mended()) {
            failed();
        }
        return true;
    }

    /** Nothing is tried any more. */
    @Override
    public void close() {
        closed.countDown();
    }
}
