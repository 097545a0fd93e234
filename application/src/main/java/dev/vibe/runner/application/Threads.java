package dev.vibe.runner.application;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Platform threads with small stacks. Not virtual ones where the work ends in pipes, and a pipe's read or write holds the
 * carrier (measured: the 129th session hung, and every other virtual thread with it).
 */
final class Threads {
    private static final Logger LOG = LoggerFactory.getLogger(Threads.class);
    static final int STACK_BYTES = 256 * 1024;
    private static final AtomicBoolean KEEPING = new AtomicBoolean();
    private static final Duration CARRIER_PAUSE = Duration.ofSeconds(10);

    private Threads() {}

    /**
     * A virtual one, for work that waits for other threads and never for a pipe, a disk or a process: measured with 200
     * sessions, each platform thread costs 50 to 90 kB of memory, since the JVM touches the pages at a stack's end.
     */
    static Thread startWaiting(String name, Runnable work) {
        return Thread.ofVirtual().name(name).start(work);
    }

    /**
     * Sees to it that {@link #startWaiting waiting} threads can go on at any time: Java ends a carrier that was idle for 30 s, and
     * where the system's limit of processes is reached it could not start another (seen: all sessions were frozen). Once for the process.
     */
    static void keepCarrier() {
        if (!KEEPING.compareAndSet(false, true)) {
            return;
        }
        var _ = startWaiting("carrier", () -> {
            try {
                while (true) {
                    Thread.sleep(CARRIER_PAUSE);
                }
            } catch (InterruptedException over) {
                Thread.currentThread().interrupt();
            }
        });
    }

    /**
     * For what must be done: does it here where no thread can be started, because the system's limit of processes is reached.
     * To wait for a disk here is then the lesser evil.
     */
    static void startOrDo(String name, Runnable work) {
        try {
            var _ = start(name, work);
        } catch (OutOfMemoryError noThread) {
            LOG.warn("{}: {}", name, noThread.getMessage());
            work.run();
        }
    }

    /** @throws OutOfMemoryError where the system gives no more threads */
    static Thread start(String name, Runnable work) {
        return Thread.ofPlatform().name(name).daemon().stackSize(STACK_BYTES).start(work);
    }
}
