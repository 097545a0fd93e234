package dev.vibe.runner.adapter.process;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A child of ours that the JDK did not start. Its streams stay open and unread when it ends, until they are closed: children of
 * its own may go on writing.
 */
final class SpawnedProcess extends Process {
    private static final Logger LOG = LoggerFactory.getLogger(SpawnedProcess.class);
    private static final int WNOHANG = 1;
    private static final int SIGNAL_BITS = 0x7f;
    private static final int CODE_BITS = 0xff;
    private static final int BY_SIGNAL = 0x80;

    private final LibC libC;
    private final ProcessHandle handle;
    private final OutputStream stdin;
    private final InputStream stdout;
    private final InputStream stderr;
    private final CompletableFuture<Integer> exit;

    SpawnedProcess(LibC libC, long pid, OutputStream stdin, InputStream stdout, InputStream stderr) throws IOException {
        this.libC = libC;
        this.stdin = stdin;
        this.stdout = stdout;
        this.stderr = stderr;
        // It is there, dead or alive: nobody but us can take its pid from the system's table.
        this.handle = ProcessHandle.of(pid)
                .orElseThrow(() -> new IOException("process " + pid + " is not to be seen in /proc"));
        // The JDK only looks, since the child is not one of its own. Should no thread start for the news, it is still
        // reaped.
        this.exit = handle.onExit().handle((gone, failure) -> reap());
    }

    /** Takes its exit status, after which the system may give its pid to another. */
    private int reap() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment status = arena.allocate(JAVA_INT);
            if (libC.callForInt("waitpid", pid(), status.address(), WNOHANG) != pid()) {
                LOG.warn("the exit status of process {} cannot be known", pid());
                return CODE_BITS;
            }
            int bits = status.get(JAVA_INT, 0);
            int signal = bits & SIGNAL_BITS;
            return signal == 0 ? bits >> 8 & CODE_BITS : BY_SIGNAL + signal;
        }
    }

    @Override
    public long pid() {
        return handle.pid();
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
        return !exit.isDone();
    }

    @Override
    public int waitFor() throws InterruptedException {
        try {
            return exit.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }

    @Override
    public boolean waitFor(long timeout, TimeUnit unit) throws InterruptedException {
        try {
            int _ = exit.get(Math.max(0, timeout), unit);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }

    @Override
    public int exitValue() {
        if (!exit.isDone()) {
            throw new IllegalThreadStateException("process " + pid() + " has not ended");
        }
        return exit.join();
    }

    @Override
    public CompletableFuture<Process> onExit() {
        return exit.thenApply(code -> this);
    }

    @Override
    public ProcessHandle toHandle() {
        return handle;
    }

    @Override
    public boolean supportsNormalTermination() {
        return handle.supportsNormalTermination();
    }

    @Override
    public void destroy() {
        boolean ignored = isAlive() && handle.destroy();
    }

    @Override
    public Process destroyForcibly() {
        boolean ignored = isAlive() && handle.destroyForcibly();
        return this;
    }
}
