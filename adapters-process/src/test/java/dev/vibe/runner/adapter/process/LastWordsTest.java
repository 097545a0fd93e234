package dev.vibe.runner.adapter.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.vibe.runner.domain.Channel;
import dev.vibe.runner.domain.EndpointId;
import dev.vibe.runner.domain.OutputLine;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** On a machine so loaded that the thread that reads a pipe gets its turn late. */
class LastWordsTest {
    private static final long LATE_MILLIS = 150;
    /** Longer than the silence after which a pipe counts as left behind. */
    private static final long SILENT_MILLIS = 700;

    private final Path directory;

    LastWordsTest(@TempDir Path directory) {
        this.directory = directory;
    }

    @Test
    @Timeout(30)
    void whatASilentAgentSaysAtTheCloseOfItsInputIsNotCut() throws Exception {
        Silent silent = new Silent();
        Mark mark = Mark.create(new EndpointId("e"), new ProcessStat(1, "", 'R', 0, 0, 0, 1));
        Launch launch = new Launch("silent", List.of("silent"), Map.of(), directory, mark);
        ProcessTable table = new ProcessTable(new ProcFs(directory.resolve("no-proc")));
        AgentProcess process = AgentProcess.start(launch, table, new Starter() {
            @Override
            public Process start(Launch ignored) {
                return silent;
            }

            @Override
            public boolean gated() {
                return false;
            }
        });
        process.begin(() -> 100_000, line -> line, () -> {});
        Thread.sleep(SILENT_MILLIS);
        process.stop(Duration.ofSeconds(20));
        OutputLine said = process.next();
        assertEquals("bye", Objects.requireNonNull(said).text());
        assertNull(process.next());
        assertEquals(0, process.awaitExit().code());
    }

    /** It held its session's slot for twice as long where each of two pipes was waited for and one counted. */
    @Test
    @Timeout(30)
    void aChildThatGoesOnWritingIsCutAfterThirtySecondsByTheClockAndThatIsSaid() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        LastWords words = new LastWords(
                "chatty",
                () -> Duration.ofMillis(100L * asked.getAndIncrement()).toNanos());
        LineQueue queue = new LineQueue();
        List<Chatter> pipes = List.of(new Chatter(), new Chatter());
        for (Chatter pipe : pipes) {
            Pump pump = new Pump(Channel.STDOUT, pipe, queue, () -> 100, LineFilter.NONE, "chatty");
            words.on(pump, pipe);
            pump.start();
        }
        Thread reader = Thread.ofVirtual().start(() -> read(queue));
        words.waitForHolders(() -> false);
        reader.interrupt();
        assertTrue(asked.get() <= 310, asked + " looks at the clock");
        assertTrue(String.valueOf(words.cut()).contains("went on writing for 30 s"));
        pipes.forEach(Chatter::close);
    }

    /** Until interrupted. */
    private static void read(LineQueue queue) {
        try {
            while (queue.take() != null) {
                Thread.onSpinWait();
            }
        } catch (InterruptedException enough) {
            Thread.currentThread().interrupt();
        }
    }

    /** A child says something each 200 ms; frozen with the runner it was silent, and cut. */
    @Test
    @Timeout(30)
    void whoIsFrozenWithTheRunnerIsNotSilent() throws Exception {
        AtomicLong now = new AtomicLong();
        AtomicBoolean frozen = new AtomicBoolean();
        LastWords words =
                new LastWords("frozen", () -> now.addAndGet((frozen.getAndSet(false) ? 60_000 : 20) * 1_000_000L));
        LineQueue queue = new LineQueue();
        Chatter pipe = new Chatter();
        Pump pump = new Pump(Channel.STDOUT, pipe, queue, () -> 100, LineFilter.NONE, "frozen");
        words.on(pump, pipe);
        pump.start();
        AtomicInteger looks = new AtomicInteger();
        words.waitForHolders(() -> {
            frozen.set(looks.get() == 5);
            return looks.incrementAndGet() == 100;
        });
        assertEquals(100, looks.get(), "it was not waited for any longer");
        assertNull(words.cut());
        pipe.close();
    }

    /** It held its session's slot for ever. */
    @Test
    @Timeout(30)
    void soIsOneThatCannotBeFoundAndEnded() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        LastWords words = new LastWords(
                "hidden",
                () -> Duration.ofMillis(100L * asked.getAndIncrement()).toNanos());
        for (Chatter pipe : List.of(new Chatter(), new Chatter())) {
            Pump pump = new Pump(Channel.STDOUT, pipe, new LineQueue(), () -> 100, LineFilter.NONE, "hidden");
            words.on(pump, pipe);
            pump.start();
        }
        words.drain();
        assertTrue(asked.get() <= 310, asked + " looks at the clock");
        assertTrue(String.valueOf(words.cut()).contains("went on writing for 30 s"));
    }

    @Test
    @Timeout(30)
    void whatIsInAPipeIsReadHoweverLateItsReaderGetsItsTurn() throws Exception {
        LastWords words = new LastWords("late", System::nanoTime);
        LineQueue queue = new LineQueue();
        Unread pipe = new Unread();
        Pump pump = new Pump(Channel.STDOUT, pipe, queue, () -> 100, LineFilter.NONE, "late");
        words.on(pump, pipe);
        pump.start();
        words.drain();
        queue.close();
        assertEquals("bye", Objects.requireNonNull(queue.take()).text());
    }

    /** Never silent for long. */
    private static final class Chatter extends InputStream {
        private final CountDownLatch closed = new CountDownLatch(1);

        @Override
        public int read(byte[] into, int at, int length) throws IOException {
            try {
                if (closed.await(5, TimeUnit.MILLISECONDS)) {
                    return -1;
                }
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
            into[at] = '\n';
            return 1;
        }

        @Override
        public int read() {
            throw new UnsupportedOperationException();
        }

        @Override
        public void close() {
            closed.countDown();
        }
    }

    /** Is read only after somebody has looked whether there is anything in it, as a file's stream can be asked. */
    private static final class Unread extends FileInputStream {
        private final CountDownLatch looked = new CountDownLatch(1);
        private byte[] left = "bye\n".getBytes(StandardCharsets.UTF_8);

        Unread() {
            super(new FileDescriptor());
        }

        @Override
        public int available() {
            looked.countDown();
            return 4;
        }

        @Override
        public int read(byte[] into) throws IOException {
            try {
                looked.await();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
            if (left.length == 0) {
                return -1;
            }
            System.arraycopy(left, 0, into, 0, left.length);
            int count = left.length;
            left = new byte[0];
            return count;
        }

        /** As a pipe that is given up: nothing more is read. */
        @Override
        public void close() {
            left = new byte[0];
            looked.countDown();
        }
    }

    /** Ends when its input does; its last words are read some time later. */
    private static final class Silent extends Process {
        private final CountDownLatch exited = new CountDownLatch(1);

        @Override
        public OutputStream getOutputStream() {
            return new OutputStream() {
                @Override
                public void write(int any) {
                    // Nothing is said to it.
                }

                @Override
                public void close() {
                    exited.countDown();
                }
            };
        }

        @Override
        public InputStream getInputStream() {
            return new Late(exited, "bye\n");
        }

        @Override
        public InputStream getErrorStream() {
            return new Late(exited, "");
        }

        @Override
        public long pid() {
            return 5_000_400; // above all that Linux gives
        }

        @Override
        public int waitFor() throws InterruptedException {
            exited.await();
            return 0;
        }

        @Override
        public boolean waitFor(long timeout, TimeUnit unit) throws InterruptedException {
            return exited.await(timeout, unit);
        }

        @Override
        public boolean isAlive() {
            return exited.getCount() > 0;
        }

        @Override
        public int exitValue() {
            return 0;
        }

        @Override
        public void destroy() {
            exited.countDown();
        }
    }

    private static final class Late extends InputStream {
        private final CountDownLatch exited;
        private final CountDownLatch closed = new CountDownLatch(1);
        private byte[] left;

        Late(CountDownLatch exited, String words) {
            this.exited = exited;
            this.left = words.getBytes(StandardCharsets.UTF_8);
        }

        @Override
        public int read(byte[] into, int at, int length) throws IOException {
            try {
                exited.await();
                if (closed.await(LATE_MILLIS, TimeUnit.MILLISECONDS)) {
                    throw new IOException("closed");
                }
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
            int count = left.length;
            System.arraycopy(left, 0, into, at, count);
            left = new byte[0];
            return count == 0 ? -1 : count;
        }

        @Override
        public int read() {
            throw new UnsupportedOperationException();
        }

        @Override
        public void close() {
            closed.countDown();
        }
    }
}
