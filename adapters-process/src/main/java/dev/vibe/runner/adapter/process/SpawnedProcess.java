package dev.vibe.runner.adapter.process;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.io.InputStream;
import java.io.OutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A child of ours that the JDK did not start. Its streams stay open and unread when it ends, until they are closed: children of
 * its own may go on writing.
 *
 * <p>It has no thread: whoever waits for it waits in the system. The JDK's own news of an end come through a pool that starts a
 * thread for them, and do not come where the system gives none.
 */
final class SpawnedProcess extends Process {
    private static final Logger LOG = LoggerFactory.getLogger(SpawnedProcess.class);
    // From Linux's headers.
    private static final int WNOHANG = 1;
    private static final int WEXITED = 4;
    private static final int WNOWAIT = 0x01000000;
    private static final int P_PID = 1;
    private static final int SIGKILL = 9;
    private static final int SIGTERM = 15;
    private static final int SIGNAL_BITS = 0x7f;
    private static final int CODE_BITS = 0xff;
    private static final int BY_SIGNAL = 0x80;

    private final LibC libC;
    private final long pid;
    private final OutputStream stdin;
    private final InputStream stdout;
    private final InputStream stderr;
    private final CompletableFuture<Integer> exit = new CompletableFuture<>();

    SpawnedProcess(LibC libC, long pid, OutputStream stdin, InputStream stdout, InputStream stderr) {
        this.libC = libC;
        this.pid = pid;
        this.stdin = stdin;
        this.stdout = stdout;
        this.stderr = stderr;
    }

    /** Whether it has ended. Takes its exit status then, after which the system may give its pid to another. */
    private synchronized boolean reaped() {
        if (!exit.isDone()) {
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment status = arena.allocate(JAVA_INT);
                int which = libC.callForInt("waitpid", pid, status.address(), WNOHANG);
                if (which == pid) {
                    exit.complete(code(status.get(JAVA_INT, 0)));
                } else if (which != 0) {
                    LOG.warn("the exit status of process {} cannot be known", pid);
                    exit.complete(CODE_BITS);
                }
            }
        }
        return exit.isDone();
    }

    private static int code(int bits) {
        int signal = bits & SIGNAL_BITS;
        return signal == 0 ? bits >> 8 & CODE_BITS : BY_SIGNAL + signal;
    }

    @Override
    public long pid() {
        return pid;
    }

    @Override
    public OutputStream getOutputStream() {
        return stdin;
    }

    @Override
    public InputStream getInputStream() {
        return stdout;
    }

    @Override
    public InputStream getErrorStream() {
        return stderr;
    }

    @Override
    public boolean isAlive() {
        return !reaped();
    }

    /** Cannot be interrupted. */
    @Override
    public int waitFor() {
        while (!reaped()) {
            // Only looks, so that any number can wait, and one of them reaps. Returns early when a signal comes in
            // between.
            long _ = libC.call("waitid", P_PID, pid, 0, WEXITED | WNOWAIT);
        }
        return exit.join();
    }

    @Override
    public int exitValue() {
        if (!reaped()) {
            throw new IllegalThreadStateException("process " + pid + " has not ended");
        }
        return exit.join();
    }

    /** @throws IllegalStateException where it has ended: its pid may be another's by now */
    @Override
    public synchronized ProcessHandle toHandle() {
        return Optional.of(pid)
                .filter(ours -> !reaped())
                .flatMap(ProcessHandle::of)
                .orElseThrow(() -> new IllegalStateException("process " + pid + " is gone"));
    }

    @Override
    public boolean supportsNormalTermination() {
        return true;
    }

    @Override
    public void destroy() {
        signal(SIGTERM);
    }

    @Override
    public Process destroyForcibly() {
        signal(SIGKILL);
        return this;
    }

    /** Under the lock that whoever reaps it holds: until then nobody else can get its pid. */
    private synchronized void signal(int number) {
        if (!reaped()) {
            long _ = libC.call("kill", pid, number);
        }
    }
}
