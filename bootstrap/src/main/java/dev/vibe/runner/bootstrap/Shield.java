package dev.vibe.runner.bootstrap;

import dev.vibe.runner.adapter.process.LibC;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts secrets out of the reach of agents, which run hostile code as the runner's own user: the variables are wiped from
 * this process's environment (which {@code jspawnhelper}, the JDK's helper that starts processes, would inherit), and {@code
 * /proc/PID/environ}, {@code mem}, {@code maps} and {@code fd} and {@code ptrace} are closed to all but root. Raised once the
 * runner is registered, since it takes a while, or earlier if a process is to be started: none is before it is up.
 */
final class Shield {
    private static final Logger LOG = LoggerFactory.getLogger(Shield.class);

    private final Runnable raising;
    private final ThreadFactory threads;
    private final ReentrantLock lock = new ReentrantLock();
    private volatile boolean tried; // written under lock

    Shield(Collection<String> secretVariables) {
        List<String> secrets = List.copyOf(secretVariables);
        this(
                () -> raiseOver(secrets),
                Thread.ofPlatform().name("shield").daemon().factory());
    }

    /** @param raising fails only where it is worth another try */
    Shield(Runnable raising, ThreadFactory threads) {
        this.raising = raising;
        this.threads = threads;
    }

    /** Begins, if nobody did; returns at once where the system has a thread for it. */
    void raise() {
        if (tried) {
            return;
        }
        try {
            threads.newThread(this::await).start();
        } catch (OutOfMemoryError noThread) {
            await();
        }
    }

    /** Raises it, if nobody did, and returns when it is up or has failed, which the log then says. What breaks off is left to who comes next. */
    void await() {
        lock.lock();
        try {
            if (!tried) {
                raising.run();
                tried = true;
            }
        } finally {
            lock.unlock();
        }
    }

    private static void raiseOver(List<String> secretVariables) {
        try {
            LibC libC = new LibC();
            secretVariables.forEach(libC::forget);
            if (!libC.hide()) {
                LOG.warn("the system does not hide this process: agents can read the runner's token from its memory");
            }
        } catch (RuntimeException | LinkageError unsupported) {
            LOG.warn(
                    "this system has no way to hide a process: agents can read the runner's token from /proc ({})",
                    unsupported.toString());
        }
    }
}
