package dev.vibe.runner.bootstrap;

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
 * reading; a runner that then blocks in a log call is a frozen runner. When the queue is full, lines are dropped and
 * counted; when the stream is broken, it is left alone.
 */
final class AsyncHandler extends Handler {
    private static final int QUEUE = 4_096;

    private final OutputStream stream;
    private final ArrayBlockingQueue<String> lines = new ArrayBlockingQueue<>(QUEUE);
    private final AtomicLong dropped = new AtomicLong();
    private final Thread writer;
    private volatile boolean closing;

    AsyncHandler(OutputStream stream) {
        this.stream = stream;
        this.writer = Thread.ofPlatform().name("log").daemon().unstarted(this::write);
        writer.start();
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
        boolean works = true;
        try {
            while (true) {
                String line = lines.poll(100, TimeUnit.MILLISECONDS);
                if (line == null) {
                    if (closing) {
                        return;
                    }
                    continue;
                }
                if (works) {
                    works = write(line);
                }
            }
        } catch (InterruptedException over) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean write(String line) {
        try {
            long lost = dropped.getAndSet(0);
            if (lost > 0) {
                stream.write(
                        ("... " + lost + " log lines dropped: nobody read them\n").getBytes(StandardCharsets.UTF_8));
            }
            stream.write(line.getBytes(StandardCharsets.UTF_8));
            stream.flush();
            return true;
        } catch (java.io.IOException nobodyReads) {
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
