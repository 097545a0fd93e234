package dev.vibe.runner.transport;

import dev.vibe.runner.application.port.in.ServerEvents;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A transport's one thread: it connects, reports and reconnects, for ever, in a plain loop, and is the only one that calls {@link
 * ServerEvents}. Events are sent by the application's own threads, answers come in on the adapter's.
 */
public final class TransportLoop {
    private static final Logger LOG = LoggerFactory.getLogger(TransportLoop.class);
    private static final Duration LONGEST_TICK = Duration.ofSeconds(1);
    private static final int TICKS_PER_PROBE_TIMEOUT = 5;
    private static final long CLOSE_SECONDS = 5;

    private final String name;
    private final String server;
    private final LinkTiming timing;
    private final Supplier<? extends LinkAttempt> attempts;
    private final Runnable release;
    private final Pauses pauses; // the transport's thread only
    private final Duration tick;
    private final Naps naps; // the transport's thread only
    private final CountDownLatch closing = new CountDownLatch(1);
    private final AtomicReference<@Nullable Thread> thread = new AtomicReference<>();
    private final AtomicReference<@Nullable LinkAttempt> current = new AtomicReference<>();
    private volatile int maxMessageBytes; // written by the transport's thread
    private String lastFailure = ""; // the transport's thread only
    private boolean connected; // the transport's thread only: that the present attempt has been

    /**
     * A loop that does nothing yet.
     *
     * @param name the thread's
     * @param server for logs, without secrets
     * @param maxMessageBytes what a server takes, until one has said it
     * @param attempts makes a fresh connection object, each time one is needed
     * @param release ends what the adapter holds for all connections; called at the end, perhaps twice
     * @param wallMillis a clock by which a pause of this machine is noticed
     * @param monotonicNanos the other one
     */
    public TransportLoop(
            String name,
            String server,
            LinkTiming timing,
            int maxMessageBytes,
            Supplier<? extends LinkAttempt> attempts,
            Runnable release,
            LongSupplier wallMillis,
            LongSupplier monotonicNanos) {
        this.name = name;
        this.server = server;
        this.timing = timing;
        this.maxMessageBytes = maxMessageBytes;
        this.attempts = attempts;
        this.release = release;
        pauses = new Pauses(timing.reconnectMin(), timing.reconnectMax(), RandomGenerator.getDefault());
        // Not Duration.dividedBy, which works out powers of ten to 2^20 digits the first time: 5 ms of the start.
        Duration part = Duration.ofNanos(timing.probeTimeout().toNanos() / TICKS_PER_PROBE_TIMEOUT);
        tick = part.compareTo(LONGEST_TICK) < 0 ? part : LONGEST_TICK;
        naps = new Naps(wallMillis, monotonicNanos, tick);
    }

    /** See {@link dev.vibe.runner.application.port.out.TransportPort#open}. */
    public void open(ServerEvents events) {
        Thread loop = new Thread(() -> run(events), name);
        loop.setDaemon(true);
        if (!thread.compareAndSet(null, loop)) {
            throw new IllegalStateException("opened twice");
        }
        loop.start();
    }

    /** See {@link dev.vibe.runner.application.port.out.TransportPort#maxMessageBytes}. */
    public int maxMessageBytes() {
        return maxMessageBytes;
    }

    /** See {@link dev.vibe.runner.application.port.out.TransportPort#close}. */
    public void close() {
        closing.countDown();
        LinkAttempt attempt = current.get();
        if (attempt != null) {
            attempt.end("closed by the runner");
        }
        Thread loop = thread.get();
        try {
            if (loop != null && loop != Thread.currentThread() && !loop.join(Duration.ofSeconds(CLOSE_SECONDS))) {
                LOG.warn("the transport's thread does not end: a callback blocks");
                loop.interrupt();
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            release.run();
        }
    }

    private void run(ServerEvents events) {
        try {
            while (!closed()) {
                long begin = System.nanoTime();
                attempt(events);
                if (System.nanoTime() - begin >= timing.reconnectMax().toNanos()) {
                    pauses.reset();
                }
                var _ = closing.await(closed() ? 0 : pauses.next().toMillis(), TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException _) {
            LOG.debug("the transport's thread was interrupted and ends");
        } finally {
            release.run();
        }
    }

    /** What fails here fails this connection only: a thread that cannot be started now can be started later. */
    private void attempt(ServerEvents events) throws InterruptedException {
        try {
            LinkAttempt attempt = attempts.get();
            current.set(attempt);
            connected = false;
            try {
                connectAndServe(attempt, events);
                reportEnd(attempt, events);
            } finally {
                attempt.dispose();
            }
        } catch (RuntimeException | Error failure) {
            LOG.error("a connection failed inside the runner, it tries again", failure);
        }
    }

    /** However it comes to its end, the attempt has ended then: else senders would wait on it for ever. */
    private void connectAndServe(LinkAttempt attempt, ServerEvents events) throws InterruptedException {
        try {
            attempt.connect();
            serve(attempt, events);
        } catch (RuntimeException | Error failure) {
            LOG.error("a connection failed inside the runner, it is made anew", failure);
            attempt.end("it failed inside the runner: " + failure);
        }
    }

    /** Reports one connection until its end. */
    private void serve(LinkAttempt attempt, ServerEvents events) throws InterruptedException {
        long deadline = System.nanoTime() + timing.connectTimeout().toNanos();
        var _ = naps.sinceLastLook(); // the pause between attempts is none
        while (true) {
            if (closed()) {
                attempt.end("closed by the runner");
            }
            boolean over = attempt.ended(); // looked at first: what was handed in before the end is reported
            Signal signal = attempt.next(attempt.tick(tick));
            if (signal == null && over) {
                break;
            }
            if (signal != null) {
                report(signal, attempt, events);
                attempt.handled();
            }
            long paused = naps.sinceLastLook();
            if (connected) {
                maxMessageBytes = attempt.maxMessageBytes();
                if (paused > 0) {
                    LOG.info("this machine seems to have been paused for {} ms: asking the server", paused);
                    attempt.suspect();
                }
                attempt.watch();
            } else if (paused > 0) {
                attempt.end("this machine was paused meanwhile");
            } else if (System.nanoTime() - deadline > 0) {
                attempt.end("no connection within " + timing.connectTimeout().toMillis() + " ms");
            }
        }
    }

    private void reportEnd(LinkAttempt attempt, ServerEvents events) {
        String reason = attempt.endReason();
        if (connected) {
            LOG.info("disconnected: {}", reason);
            report(attempt, () -> events.disconnected(reason));
            return;
        }
        if (!reason.equals(lastFailure)) {
            lastFailure = reason;
            LOG.info("cannot connect to {}, trying on: {}", server, reason);
        }
        if (!closed()) {
            report(attempt, () -> events.unreachable(reason));
        }
    }

    /** No switch over its kinds: the code for one is made at run time, the first of a process in 10 ms, between connection and registration. */
    private void report(Signal signal, LinkAttempt attempt, ServerEvents events) {
        if (signal instanceof Signal.Received(var command)) {
            report(attempt, () -> events.received(command));
        } else if (signal instanceof Signal.Refused(var reason)) {
            report(attempt, () -> events.refused(reason));
        } else if (signal instanceof Signal.Connected) {
            connected = true;
            maxMessageBytes = attempt.maxMessageBytes();
            LOG.info("connected to {}", server);
            lastFailure = "";
            report(attempt, () -> events.connected(attempt));
        }
    }

    /**
     * Without memory or threads a callback may have done half of what it should. On a new connection the server says again what
     * waits, and nothing is left undone.
     */
    private static void report(LinkAttempt attempt, Runnable callback) {
        try {
            callback.run();
        } catch (RuntimeException bug) {
            LOG.error("a callback failed, the connection goes on", bug);
        } catch (Error poor) {
            LOG.error("a callback failed, the connection is made anew", poor);
            attempt.end("the runner lacks something: " + poor.getMessage());
        }
    }

    private boolean closed() {
        return closing.getCount() == 0;
    }
}
