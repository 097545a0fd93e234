package dev.vibe.runner.bootstrap;

import java.time.Duration;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives memory back to the sandbox when a flood is over. Java does so only when it collects all garbage, which a runner that has
 * become quiet would never do again: after lines of some hundred KB it kept up to 100 MB that it did not use (measured). The
 * launcher's options see to it that what is free then really goes.
 */
final class HeapTrim {
    private static final Logger LOG = LoggerFactory.getLogger(HeapTrim.class);
    private static final Duration INTERVAL = Duration.ofSeconds(10);
    /** Less is not worth the pause, some milliseconds. */
    private static final long WORTH_BYTES = 16L << 20;

    private final LongSupplier heldBytes;
    private final LongSupplier carriedBytes;
    private final Runnable collect;

    private long baseBytes;
    private long carriedBefore = -1;

    /**
     * Begins with what is held now.
     *
     * @param heldBytes what Java has of the system for its heap
     * @param carriedBytes what sessions have said so far; asked only where there is something to give back
     * @param collect gives back what can be
     */
    HeapTrim(LongSupplier heldBytes, LongSupplier carriedBytes, Runnable collect) {
        this.heldBytes = heldBytes;
        this.carriedBytes = carriedBytes;
        this.collect = collect;
        baseBytes = heldBytes.getAsLong();
    }

    /** For this process, on a thread that waits. */
    static void start(LongSupplier carriedBytes) {
        HeapTrim trim = new HeapTrim(Runtime.getRuntime()::totalMemory, carriedBytes, System::gc);
        var _ = Thread.ofVirtual().name("heap-trim").start(trim::run);
    }

    private void run() {
        try {
            while (true) {
                Thread.sleep(INTERVAL);
                look();
            }
        } catch (InterruptedException never) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException | Error failed) { // memory stays as it is, that is all
            LOG.debug("memory is not given back any more", failed);
        }
    }

    /** Gives back where much is held and nothing was said since the last look. */
    void look() {
        long held = heldBytes.getAsLong();
        if (held < baseBytes + WORTH_BYTES) {
            carriedBefore = -1;
            return;
        }
        long carried = carriedBytes.getAsLong();
        if (carried != carriedBefore) {
            carriedBefore = carried;
            return;
        }
        collect.run();
        baseBytes = heldBytes.getAsLong();
        LOG.debug("of {} MB of heap {} MB are kept", held >> 20, baseBytes >> 20);
    }
}
