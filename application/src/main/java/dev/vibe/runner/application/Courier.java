package dev.vibe.runner.application;

import dev.vibe.runner.application.port.out.Link;
import dev.vibe.runner.application.port.out.NotConnectedException;
import dev.vibe.runner.application.port.out.Outbox;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries events from the outbox over the registered link, in order, and lets the outbox forget what the server has. On
 * a new link it begins again after the last confirmed event. One thread; at most one barrier under way; none when idle.
 *
 * <p>On each link it asks once before it sends: a server says its pending starts again at a registration, and until it
 * has answered, no start that comes can be its answer to something we have said.
 */
final class Courier implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(Courier.class);
    private static final Duration NAP = Duration.ofMinutes(1);
    /** A server that cannot be asked, or is slow to answer, gets the events all the same. */
    private static final Duration FIRST_ANSWER = Duration.ofSeconds(3);
    /** Under load a barrier for each so many events: cheap, and the outbox never has long to keep them. */
    private static final int EVENTS_PER_BARRIER = 256;

    private final Outbox outbox;
    private final SentEnds ends;
    private final Consumer<Duration> roundTrip;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    /** Guarded by lock: the link that may be used now. */
    private @Nullable Link link;

    /** Guarded by lock: the link whose server has answered since the registration. */
    private @Nullable Link settled;

    /** Guarded by lock. */
    private boolean closed;

    /** Written by threads that complete barriers: all up to here has arrived. */
    private final AtomicLong confirmed = new AtomicLong();

    /** The courier's own: what the outbox has been told to forget. */
    private long forgotten;

    /** Written by the thread that completes the barrier, read by the courier. */
    private volatile boolean barrierUnderWay;

    Courier(Outbox outbox) {
        this(outbox, new SentEnds(outbox::holds), _ -> {});
    }

    /**
     * @param ends told whose end is sent
     * @param roundTrip told how long each confirmation took, on the thread that completes it
     */
    Courier(Outbox outbox, SentEnds ends, Consumer<Duration> roundTrip) {
        this.outbox = outbox;
        this.ends = ends;
        this.roundTrip = roundTrip;
    }

    /** The endpoint is registered on this link: begin. Never blocks for long. */
    void begin(Link registered) {
        change(registered, false);
    }

    /** The link is gone or no longer registered: stop. Never blocks for long. */
    void pause() {
        change(null, false);
    }

    /** Ends {@link #run}. */
    void close() {
        change(null, true);
    }

    private void change(@Nullable Link next, boolean close) {
        ends.on(next);
        lock.lock();
        try {
            link = next;
            closed |= close;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        outbox.wake();
    }

    @Override
    public void run() {
        try {
            for (Link next = awaitLink(); next != null; next = awaitLink()) {
                try {
                    forget();
                    outbox.rewind();
                    barrierUnderWay = false;
                    settle(next);
                    carry(next);
                } catch (NotConnectedException gone) {
                    LOG.debug("delivery paused: {}", gone.getMessage());
                    retire(next);
                }
            }
        } catch (InterruptedException closedByForce) {
            Thread.currentThread().interrupt();
        }
    }

    private @Nullable Link awaitLink() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (link == null && !closed) {
                changed.await();
            }
            return closed ? null : link;
        } finally {
            lock.unlock();
        }
    }

    private void retire(Link gone) {
        lock.lock();
        try {
            if (link == gone) {
                link = null;
            }
        } finally {
            lock.unlock();
        }
    }

    private boolean current(Link candidate) {
        lock.lock();
        try {
            return link == candidate;
        } finally {
            lock.unlock();
        }
    }

    private void settle(Link on) throws InterruptedException {
        var _ = on.barrier().whenComplete((_, _) -> {
            lock.lock();
            try {
                settled = on;
                changed.signalAll();
            } finally {
                lock.unlock();
            }
        });
        long nanos = FIRST_ANSWER.toNanos();
        lock.lockInterruptibly();
        try {
            while (link == on && settled != on && !closed && nanos > 0) {
                nanos = changed.awaitNanos(nanos);
            }
        } finally {
            lock.unlock();
        }
    }

    private void carry(Link over) throws NotConnectedException, InterruptedException {
        long sent = 0;
        long asked = 0;
        int sinceBarrier = 0;
        while (current(over)) {
            forget();
            Outbox.Parcel parcel = outbox.take(NAP);
            if (parcel != null) {
                if (!ends.sending(over, parcel.event())) {
                    return;
                }
                over.send(parcel.event());
                sent = parcel.ordinal();
                sinceBarrier++;
            }
            if (sent > asked && !barrierUnderWay && (sinceBarrier >= EVENTS_PER_BARRIER || !outbox.hasWork())) {
                asked = sent;
                sinceBarrier = 0;
                confirm(over, asked);
            }
        }
    }

    /** Not where the barrier completes: forgetting may write to a disk, and that is the transport's thread. */
    private void forget() {
        long upTo = confirmed.get();
        if (upTo > forgotten) {
            forgotten = upTo;
            outbox.confirm(upTo);
        }
    }

    private void confirm(Link over, long upTo) {
        barrierUnderWay = true;
        long asked = System.nanoTime();
        var _ = over.barrier().whenComplete((_, failure) -> {
            if (failure == null) {
                confirmed.accumulateAndGet(upTo, Math::max);
                roundTrip.accept(Duration.ofNanos(System.nanoTime() - asked));
            }
            if (current(over)) {
                barrierUnderWay = false;
            }
            outbox.wake();
        });
    }
}
