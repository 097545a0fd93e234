package dev.vibe.runner.adapter.process;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What comes from an agent's pipes when its main process is gone. */
final class LastWords {
    private static final Logger LOG = LoggerFactory.getLogger(LastWords.class);
    /** Silence of this length on a pipe that a child holds open means nothing more comes. */
    private static final long IDLE_NANOS = Duration.ofMillis(500).toNanos();
    /** The most a child that goes on writing may take; the reader's slowness not counted. */
    private static final long TOTAL_NANOS = Duration.ofSeconds(30).toNanos();

    private static final long POLL_MILLIS = 20;

    /** More than a look takes, but on a machine that is paused, or hopelessly loaded: then it is not the agent who was silent. */
    private static final Duration LONGEST_LOOK = Duration.ofMillis(100);

    private final String name;
    private final LongSupplier clock;
    private boolean cut; // by the thread that waits
    private final List<Pipe> pipes = new ArrayList<>();

    /** As the thread that waits sees it. */
    private static final class Pipe {
        final Pump pump;
        private final InputStream stream;
        private long lastRead;
        private long quietSince;

        Pipe(Pump pump, InputStream stream) {
            this.pump = pump;
            this.stream = stream;
        }

        /** The waiting begins: an agent may have been silent long before it said its last words. */
        void begin() {
            quietSince = 0;
            lastRead = pump.lastRead();
        }

        /** How long nothing has come though somebody waited for it, up to {@code now}; 0 while the reader is what we wait for. */
        long idle(long now) {
            long last = pump.lastRead();
            if (last != lastRead || pump.held()) {
                lastRead = last;
                quietSince = now;
            }
            return now - quietSince;
        }

        /**
         * Whether there is something to read, as far as that can be told: the JDK's own streams of a process would wait for
         * the monitor that the pump holds.
         */
        boolean hasMore() {
            try {
                return stream instanceof FileInputStream file && file.available() > 0;
            } catch (IOException closed) {
                return false;
            }
        }
    }

    /**
     * @param name of the agent, for the log
     * @param clock as {@link System#nanoTime}
     */
    LastWords(String name, LongSupplier clock) {
        this.name = name;
        this.clock = clock;
    }

    /** A pipe, and who reads it. */
    void on(Pump pump, InputStream pipe) {
        pipes.add(new Pipe(pump, pipe));
    }

    /**
     * A child may hold the agent's pipes open. What it still says is not cut, but only silence is waited out in full.
     *
     * @param cut whether that is over because the agent is being ended
     */
    void waitForHolders(BooleanSupplier cut) throws InterruptedException {
        AwakeTime awake = begin();
        long spent = 0;
        long before = 0;
        while (!cut.getAsBoolean() && spent < TOTAL_NANOS) {
            boolean open = false;
            boolean readerIsSlow = false;
            boolean quiet = true;
            for (Pipe pipe : pipes) {
                open |= !pipe.pump.awaitEnd(POLL_MILLIS);
            }
            long now = awake.passed(clock.getAsLong());
            for (Pipe pipe : pipes) {
                if (!pipe.pump.awaitEnd(0)) {
                    readerIsSlow |= pipe.pump.held();
                    quiet &= pipe.idle(now) > IDLE_NANOS;
                }
            }
            if (!open || (quiet && spent >= IDLE_NANOS)) {
                return;
            }
            spent += readerIsSlow ? 0 : now - before;
            before = now;
        }
        this.cut |= spent >= TOTAL_NANOS;
    }

    private AwakeTime begin() {
        pipes.forEach(Pipe::begin);
        return new AwakeTime(LONGEST_LOOK, clock.getAsLong());
    }

    /** What the user should know of what is cut, to be said behind all that was read; null where nothing is. */
    @Nullable
    String cut() {
        return cut
                ? "vibe-runner: " + name + " has ended, and what it started went on writing for "
                        + Duration.ofNanos(TOTAL_NANOS).toSeconds() + " s; what is written from here on is not read"
                : null;
    }

    /**
     * All writers are dead, so the end of the pipes is near; the reader may take as long as it likes. So may a pump that has not
     * got its turn, on a loaded machine: while there is something to read, its silence is not the agent's. Only one that could not be
     * found, and goes on writing, is cut after some time: its session would never end.
     */
    void drain() throws InterruptedException {
        AwakeTime awake = begin();
        long spent = 0;
        long before = 0;
        for (Pipe pipe : pipes) {
            while (!pipe.pump.awaitEnd(POLL_MILLIS)) {
                long now = awake.passed(clock.getAsLong());
                long idle = pipe.idle(now);
                boolean written = !pipe.pump.held() && idle <= IDLE_NANOS;
                spent += written ? now - before : 0;
                before = now;
                boolean left = idle > IDLE_NANOS && !pipe.hasMore();
                boolean endless = written && spent >= TOTAL_NANOS;
                if (left || endless) {
                    cut |= endless;
                    LOG.warn(
                            "{}: a process that could not be ended holds a pipe open; it is not read any further",
                            name);
                    pipe.pump.abandon();
                    break;
                }
            }
        }
    }
}
