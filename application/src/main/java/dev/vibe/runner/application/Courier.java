package dev.vibe.runner.application;

import dev.vibe.runner.application.port.out.Link;
import dev.vibe.runner.application.port.out.NotConnectedException;
import dev.vibe.runner.application.port.out.Outbox;
import dev.vibe.runner.application.port.out.OutboxWeight;
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
 * a new link it begins again after the last confirmed event. At most one barrier under way; none when idle.
 *
 * <p>It has a thread, for all that may have to wait. But a line that comes alone is carried by the thread that brings it
 * ({@link #nudge}): to wake another one takes long where processors sleep (measured: 60 to 200 microseconds). Whoever carries holds the baton.
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
    /**
     * So long a line that came alone waits to be asked for. A question that leaves with it is answered before the server's handler
     * sees the line (Node handles all frames it has read, then the events): decision 42. Each question is work for both sides, in the
     * way of the lines after it; what was not asked for may come twice after a cut: decision 50.
     */
    private static final Duration ASK_LATER = Duration.ofMillis(45);
    /** Whoever brings more than this has more to bring, and the courier's own thread can work beside it. */
    private static final long LITTLE = 16 * 1024;

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

    /** Held by the one who takes from the outbox, sends and lets it forget. */
    private final ReentrantLock baton = new ReentrantLock();

    /** Guarded by the baton: the link that events may be sent on. */
    private @Nullable Link ready;

    /** Guarded by the baton: taken, and not sent because it would have had to wait. */
    private Outbox.@Nullable Parcel held;

    /** Guarded by the baton: what was sent last on this link, what a barrier was asked for, and how much since. */
    private long sent;

    private long asked;
    private int sinceBarrier;

    /** Guarded by the baton: when to ask for what came alone, by {@link System#nanoTime}; null when nothing did. */
    private @Nullable Long askAt;

    /** Guarded by the baton: what the outbox has been told to forget. */
    private long forgotten;

    /** Written by threads that complete barriers: all up to here has arrived. */
    private final AtomicLong confirmed = new AtomicLong();

    /** Written by the thread that completes the barrier, read by whoever carries. */
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
                rewind();
                settle(next);
                carryAll(next);
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

    private void rewind() {
        baton.lock();
        try {
            ready = null;
            held = null;
            forget();
            outbox.rewind();
            sent = 0;
            asked = 0;
            sinceBarrier = 0;
            askAt = null;
            barrierUnderWay = false;
        } finally {
            baton.unlock();
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

    private void carryAll(Link over) throws InterruptedException {
        try {
            for (Duration nap = carryWhatThereIs(over); nap != null; nap = carryWhatThereIs(over)) {
                outbox.awaitWork(nap);
            }
        } catch (NotConnectedException gone) {
            paused(over, gone);
        }
    }

    private void paused(Link gone, NotConnectedException why) {
        LOG.debug("delivery paused: {}", why.getMessage());
        retire(gone);
    }

    /** Returns how long there will be nothing to do unless something comes; null once the link is not to be used any more. */
    private @Nullable Duration carryWhatThereIs(Link over) throws NotConnectedException, InterruptedException {
        baton.lockInterruptibly();
        try {
            ready = over;
            forget();
            boolean any = false;
            for (Outbox.Parcel next = next(); next != null; next = next()) {
                if (!current(over) || !ends.sending(over, next.event())) {
                    return null; // it is taken again after the rewind
                }
                if (!over.offer(next.event())) {
                    over.flush();
                    over.send(next.event());
                }
                any = true;
                askAt = null;
                sent(next, over);
                forget();
            }
            if (any) {
                over.flush();
            }
            Duration nap = confirmIfDue(over);
            return current(over) ? nap : null;
        } finally {
            baton.unlock();
        }
    }

    /**
     * Something has been added to the outbox: carries it, if that can be done at once and without waiting, on the calling thread;
     * else has it carried. Takes no longer than to write a few lines into a socket that has room.
     */
    void nudge() {
        boolean left = false;
        if (baton.tryLock()) {
            try {
                left = carryLittle();
            } finally {
                baton.unlock();
            }
        }
        // Whoever held the baton meanwhile may not have seen what was added; the courier, if awake, looks again anyway.
        if (left || outbox.hasWork()) {
            outbox.wake();
        }
    }

    /** Returns whether the courier's thread has to go on. */
    private boolean carryLittle() {
        Link over = ready;
        if (over == null) {
            return false; // its thread is about to begin
        }
        try {
            long bytes = 0;
            boolean last = false;
            for (Outbox.Parcel next = next(); next != null; next = next()) {
                held = next; // until it is on its way: should that fail in any way, it is still to be carried
                if (!canCarry(over, next, bytes)) {
                    break;
                }
                held = null;
                bytes += OutboxWeight.of(next.event());
                last = next.event().terminal();
                sent(next, over);
            }
            over.flush();
            return held != null || toBeAskedFor(last);
        } catch (NotConnectedException gone) {
            ready = null;
            paused(over, gone);
            return true;
        }
    }

    private boolean canCarry(Link over, Outbox.Parcel next, long before) throws NotConnectedException {
        return before + OutboxWeight.of(next.event()) <= LITTLE
                && ends.sending(over, next.event())
                && over.offer(next.event());
    }

    private Outbox.@Nullable Parcel next() {
        Outbox.Parcel waiting = held;
        held = null;
        return waiting == null ? outbox.poll() : waiting;
    }

    private void sent(Outbox.Parcel parcel, Link over) {
        sent = parcel.ordinal();
        if (++sinceBarrier >= EVENTS_PER_BARRIER) {
            confirm(over);
        }
    }

    /** Whether the courier's thread has to learn of what was carried. */
    private boolean toBeAskedFor(boolean soon) {
        if (sent <= asked || (askAt != null && !soon)) {
            return false;
        }
        askAt = System.nanoTime() + (soon ? 0 : ASK_LATER.toNanos());
        return !barrierUnderWay; // whose completion wakes it
    }

    /** Returns how long nothing will be due. */
    private Duration confirmIfDue(Link over) {
        Long due = askAt;
        long left = due == null ? 0 : due - System.nanoTime();
        if (left > 0) {
            return Duration.ofNanos(left);
        }
        if (sent > asked) {
            confirm(over);
        }
        return NAP;
    }

    /** Not where the barrier completes: forgetting may write to a disk, and that is the transport's thread. */
    private void forget() {
        long upTo = confirmed.get();
        if (upTo > forgotten) {
            forgotten = upTo;
            outbox.confirm(upTo);
        }
    }

    private void confirm(Link over) {
        if (barrierUnderWay) {
            return; // whose completion wakes the courier, who asks for the rest
        }
        long upTo = sent;
        asked = upTo;
        askAt = null;
        sinceBarrier = 0;
        barrierUnderWay = true;
        long begin = System.nanoTime();
        var _ = over.barrier().whenComplete((_, failure) -> {
            if (failure == null) {
                confirmed.accumulateAndGet(upTo, Math::max);
                roundTrip.accept(Duration.ofNanos(System.nanoTime() - begin));
            }
            if (current(over)) {
                barrierUnderWay = false;
            }
            outbox.wake();
        });
    }
}
