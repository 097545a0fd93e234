package dev.vibe.runner.application;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Platform threads on which agents are started: what may wait for a disk or a process is not for a session's virtual thread. No more at
 * once than the processors gain from, so that of many sessions started together the first run while the last still wait, instead of
 * all being late (decision 49). One that hangs, on a dead network drive say, holds the others up for {@code patience} and no longer; its
 * session gives it up after a while, but the thread stays with it, so there is a limit to how many may hang.
 */
final class LaunchPool {
    private static final Logger LOG = LoggerFactory.getLogger(LaunchPool.class);
    private static final int FOR_EACH_PROCESSOR = 4;
    private static final int MOST_THREADS = 512;
    private static final Duration PATIENCE = Duration.ofMillis(200);
    /** Long enough for sessions that come together; a thread that waits is memory. */
    private static final Duration KEPT = Duration.ofSeconds(1);

    private final long patienceNanos;
    private final int mostThreads;
    private final LinkedBlockingQueue<Runnable> waiting = new LinkedBlockingQueue<>();
    private final ThreadPoolExecutor threads;
    /** When a launch last began or ended. */
    private volatile long movedNanos = System.nanoTime();

    LaunchPool() {
        this(
                FOR_EACH_PROCESSOR * Runtime.getRuntime().availableProcessors(),
                MOST_THREADS,
                PATIENCE,
                Thread.ofPlatform()
                        .name("launch-", 0)
                        .daemon()
                        .stackSize(Threads.STACK_BYTES)
                        .factory());
    }

    /**
     * As {@link #LaunchPool()}, for tests.
     *
     * @param atOnce how many threads there are as long as launches begin or end
     * @param most how many threads there are at most, whatever hangs
     * @param patience how long none must have begun or ended until there are twice as many
     */
    LaunchPool(int atOnce, int most, Duration patience, ThreadFactory factory) {
        mostThreads = most;
        patienceNanos = patience.toNanos();
        threads = new ThreadPoolExecutor(atOnce, atOnce, KEPT.toMillis(), TimeUnit.MILLISECONDS, waiting, factory);
        threads.allowCoreThreadTimeOut(true);
    }

    /** When to give a launch up. */
    interface Limit {
        /**
         * Whether it is given up.
         *
         * @param waited since it was begun, or since anything moved where it has not been
         */
        boolean reached(Duration waited);
    }

    /**
     * Does {@code work} on one of the pool's threads, and waits for its result.
     *
     * @param limit is asked now and then
     * @throws ExecutionException what {@code work} has thrown
     * @throws TimeoutException where the limit was reached: {@code work} may come to its end yet, or never
     * @throws OutOfMemoryError where the system gives not even one thread
     */
    <T> T launch(Callable<T> work, Limit limit) throws ExecutionException, InterruptedException, TimeoutException {
        Launch<T> launch = new Launch<>(work);
        begin(launch);
        try {
            while (true) {
                try {
                    return launch.get(patienceNanos, TimeUnit.NANOSECONDS);
                } catch (TimeoutException late) {
                    long since = launch.begun ? launch.begunNanos : Math.max(launch.createdNanos, movedNanos);
                    if (limit.reached(Duration.ofNanos(System.nanoTime() - since))) {
                        throw late;
                    }
                    if (!launch.begun) {
                        relieve(launch);
                    }
                }
            }
        } finally {
            launch.cancel(false); // where we were interrupted, nobody would end what it starts
        }
    }

    private void begin(Launch<?> launch) {
        try {
            threads.execute(launch);
        } catch (OutOfMemoryError noThread) {
            // Java asks for one more thread as long as there are few, though one of those there are could do it.
            if (threads.getPoolSize() == 0) {
                throw noThread;
            }
            waiting.add(launch);
        }
    }

    /** Sees to it that {@code launch} is not behind others that hang. */
    private synchronized void relieve(Launch<?> launch) {
        int now = threads.getMaximumPoolSize();
        if (now >= mostThreads || System.nanoTime() - movedNanos < patienceNanos || !waiting.contains(launch)) {
            return; // where no more is done nothing moves, and who waits may give up
        }
        int more = Math.min(2 * now, mostThreads);
        try {
            threads.setMaximumPoolSize(more);
            threads.setCorePoolSize(more); // starts threads for what waits
            movedNanos = System.nanoTime();
            LOG.debug("the start of agents hangs: {} at once from now on", more);
        } catch (OutOfMemoryError noThread) {
            if (threads.getPoolSize() == 0 && waiting.remove(launch)) {
                throw noThread;
            }
        }
    }

    private final class Launch<T> extends FutureTask<T> {
        private final long createdNanos = System.nanoTime();
        private long begunNanos; // set before begun
        private volatile boolean begun;

        Launch(Callable<T> work) {
            super(work);
        }

        @Override
        public void run() {
            begunNanos = System.nanoTime();
            begun = true;
            movedNanos = begunNanos;
            try {
                super.run();
            } finally {
                movedNanos = System.nanoTime();
            }
        }
    }
}
