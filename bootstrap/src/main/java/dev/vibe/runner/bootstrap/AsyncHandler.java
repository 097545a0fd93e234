package dev.vibe.runner.bootstrap;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.logging.ErrorManager;
import java.util.logging.Handler;
import java.util.logging.LogRecord;

/**
 * Writes log lines to a stream on a thread of its own. In a sandbox the reader of our stdout may go away or just stop
 * reading; a runner that then blocks in a log call is a frozen runner. When the queue is full, or a line cannot be written,
 * lines are dropped and counted, and the next line that can be written says so.
 */
final class AsyncHandler extends Handler {
    private static final int QUEUE = 4_096;

    private static final String UNREAD = "nobody read them";

    private final OutputStream stream;
    private final boolean failsForEver;
    private final ArrayBlockingQueue<String> lines = new ArrayBlockingQueue<>(QUEUE);
    private final AtomicLong dropped = new AtomicLong();
    private final Thread writer;
    private volatile boolean closing;
    /** Why lines were dropped. The writer's own. */
    private String why = UNREAD;

    /** Over a file: a disk that is full now need not be so for the next line. */
    AsyncHandler(OutputStream file) {
        this(file, false);
    }

    private AsyncHandler(OutputStream stream, boolean failsForEver) {
        this.stream = stream;
        this.failsForEver = failsForEver;
        this.writer = Thread.ofPlatform().name("log").daemon().unstarted(this::write);
        writer.start();
    }

    /** Over stdout: when it fails once nobody reads it any more, and it is left alone. */
    static AsyncHandler overPipe(OutputStream pipe) {
        return new AsyncHandler(pipe, true);
    }

    @Override
    public void publish(LogRecord event) {
        if (!isLoggable(event)) {
            return;
        }
        try {
            if (!lines.offer(getFormatter().format(event))) {
                dropped.incrementAndGet();
            }
        } catch (RuntimeException broken) {
            reportError("a log line could not be formatted", broken, ErrorManager.FORMAT_FAILURE);
        }
    }

    private void write() {
        boolean broken = false;
        try {
            while (true) {
                String line = lines.poll(100, TimeUnit.MILLISECONDS);
                if (line == null) {
                    if (closing) {
                        return;
                    }
                    continue;
                }
                if (!broken) {
                    broken = !write(line) && failsForEver;
                }
            }
        } catch (InterruptedException over) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean write(String line) {
        long lost = dropped.getAndSet(0);
        try {
            if (lost > 0) {
                stream.write(("... " + lost + " log lines dropped: " + why + "\n").getBytes(StandardCharsets.UTF_8));
                lost = 0;
            }
            stream.write(line.getBytes(StandardCharsets.UTF_8));
            stream.flush();
            why = UNREAD;
            return true;
        } catch (IOException failed) {
            why = failed.getClass().getSimpleName() + ": " + failed.getMessage();
            dropped.addAndGet(lost + 1);
            return false;
        }
    }

    @Override
    public void flush() {
        // The writer flushes each line.
    }

    /** Writes what waits, for a second at most. */
    @Override
    public void close() {
        closing = true;
        try {
            var _ = writer.join(Duration.ofSeconds(1));
        } catch (InterruptedException over) {
            Thread.currentThread().interrupt();
        }
    }
}
