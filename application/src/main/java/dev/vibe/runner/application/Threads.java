package dev.vibe.runner.application;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * Platform threads with small stacks. Not virtual ones where the work ends in pipes, and a pipe's read or write holds the
 * carrier (measured: the 129th session hung, and every other virtual thread with it).
 */
final class Threads {
    private static final int STACK_BYTES = 256 * 1024;

    private Threads() {}

    /**
     * A virtual one, for work that waits for other threads and never for a pipe, a disk or a process: measured with 200
     * sessions, each platform thread costs 50 to 90 kB of memory, since the JVM touches the pages at a stack's end.
     */
    static Thread startWaiting(String name, Runnable work) {
        return Thread.ofVirtual().name(name).start(work);
    }

    /**
     * Does on a platform thread what may wait for a pipe, a disk or a process, and waits for its result: a virtual thread waits, which
     * costs next to nothing, also where the session lasts for hours.
     *
     * @throws ExecutionException what {@code work} has thrown
     */
    static <T> T apart(String name, Callable<T> work) throws ExecutionException, InterruptedException {
        FutureTask<T> task = new FutureTask<>(work);
        var _ = start(name, task);
        return task.get();
    }

    static Thread start(String name, Runnable work) {
        return Thread.ofPlatform().name(name).daemon().stackSize(STACK_BYTES).start(work);
    }
}
