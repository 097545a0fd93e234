package dev.vibe.runner.adapter.websocket;

import java.io.Serial;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedTransferQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The threads of one HTTP client, as many as it has work for. One stays when there is none: where a process bomb has used up the system's
 * threads, the server's {@code session:stop} came to a client that could start nothing to read it with, and the connection was lost.
 */
final class Readers implements Executor {
    private static final long IDLE_THREAD_SECONDS = 1;

    private final Handover handover = new Handover();
    private final ThreadPoolExecutor pool;

    Readers() {
        this(numbered());
    }

    Readers(ThreadFactory threads) {
        pool = new ThreadPoolExecutor(1, Integer.MAX_VALUE, IDLE_THREAD_SECONDS, TimeUnit.SECONDS, handover, threads);
    }

    private static ThreadFactory numbered() {
        AtomicInteger number = new AtomicInteger();
        return task -> {
            Thread thread = new Thread(task, "websocket-reader-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }

    /** Never fails for want of a thread: such an error got lost in the client, whose connection then read no more. */
    @Override
    public void execute(Runnable task) {
        try {
            pool.execute(task);
        } catch (OutOfMemoryError _) { // no thread can be started
            handover.keep(task);
        }
    }

    /** Its threads end when their work is done. */
    void shutdown() {
        pool.shutdown();
    }

    /** Gives a task to a thread that has nothing to do, or to none: then the pool starts one. */
    private static final class Handover extends LinkedTransferQueue<Runnable> {
        @Serial
        private static final long serialVersionUID = 1;

        @Override
        public boolean offer(Runnable task) {
            return tryTransfer(task);
        }

        /** For whichever thread has time first. */
        void keep(Runnable task) {
            boolean _ = super.offer(task);
        }
    }
}
