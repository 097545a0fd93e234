package dev.vibe.runner.transport;

import dev.vibe.runner.application.port.out.NotConnectedException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongFunction;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What is on its way on one connection: events, and the probes that tell what has arrived. No more than a window is ever
 * unconfirmed, whatever queues lie between. Measured by the socket's own queue alone, megabytes would hide in the
 * kernels' buffers, and a slow server could not answer a probe behind them in time.
 *
 * <p>At most one probe is on the wire; barriers that come meanwhile share the next one, so any number of callers costs
 * two futures.
 */
public final class Flow {
    private static final int PROBES_PER_WINDOW = 2;

    /** With less than this ahead of a probe, what is sent after it says nothing of the probe's own way. */
    private static final long LITTLE = 32 * 1024;

    private final Predicate<byte[]> wire;
    private final LongFunction<@Nullable String> probeFrame;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition room = lock.newCondition();
    private final LongSupplier nanos;
    // All guarded by lock.
    private final Window window = new Window();
    private long askedAt;
    private long ahead; // of the probe on the wire, unconfirmed when it was asked
    private long sent;
    private long confirmed;
    private long mark; // what the probe on the wire will confirm
    private long own; // of what was sent, frames of the adapter's own: nobody may have to ask for these alone
    private long ownConfirmed;
    private long ownMark;
    private long probes;
    private boolean probing;
    private @Nullable CompletableFuture<Void> asked; // answered by the probe on the wire
    private @Nullable CompletableFuture<Void> next; // answered by the one after it
    private @Nullable String ended;

    /**
     * A flow that has not begun.
     *
     * @param wire enqueues a frame, at once and in order; false when the connection takes no more
     * @param probeFrame the frame of the n-th probe, answered by the server once it has all before it; null where nothing
     *     can be asked
     * @param nanos a clock
     */
    public Flow(Predicate<byte[]> wire, LongFunction<@Nullable String> probeFrame, LongSupplier nanos) {
        this.nanos = nanos;
        this.wire = wire;
        this.probeFrame = probeFrame;
    }

    /** Sends a frame after all before it; waits while the window is full. */
    public void send(byte[] frame) throws NotConnectedException, InterruptedException {
        lock.lockInterruptibly();
        try {
            while (ended == null && full()) {
                room.await();
            }
            put(frame);
        } finally {
            lock.unlock();
        }
    }

    /** Whether {@link #send} would not wait now. */
    public boolean hasRoom() {
        lock.lock();
        try {
            return !full();
        } finally {
            lock.unlock();
        }
    }

    /** As {@link #send}, at once: for whoever asked {@link #hasRoom} before. */
    public void sendAtOnce(byte[] frame) throws NotConnectedException {
        lock.lock();
        try {
            put(frame);
        } finally {
            lock.unlock();
        }
    }

    private boolean full() {
        return eventsUnconfirmed() > window.size();
    }

    /**
     * A server's commands are answered by frames of the adapter's own, as many as it likes: counted in the window, they could fill it
     * where no event is on its way, and so nothing that asks.
     */
    private long eventsUnconfirmed() {
        return sent - own - (confirmed - ownConfirmed);
    }

    private void put(byte[] frame) throws NotConnectedException {
        if (ended != null || !wire.test(frame)) {
            throw new NotConnectedException(ended == null ? "the connection takes no more" : ended);
        }
        sent += frame.length;
        if (eventsUnconfirmed() > window.size() / PROBES_PER_WINDOW) {
            probe();
        }
    }

    /** Sends a small frame of the adapter's own, whether there is room or not. */
    public void sendNow(String frame) {
        byte[] bytes = frame.getBytes(StandardCharsets.UTF_8);
        lock.lock();
        try {
            if (ended == null && wire.test(bytes)) {
                sent += bytes.length;
                own += bytes.length;
            }
        } finally {
            lock.unlock();
        }
    }

    /** See {@link dev.vibe.runner.application.port.out.Link#barrier}. */
    public CompletionStage<Void> barrier() {
        lock.lock();
        try {
            if (ended != null) {
                return CompletableFuture.failedStage(new NotConnectedException(ended));
            }
            if (probing) {
                next = next == null ? new CompletableFuture<>() : next;
                return next.minimalCompletionStage();
            }
            CompletableFuture<Void> barrier = new CompletableFuture<>();
            asked = barrier;
            probe();
            return barrier.minimalCompletionStage();
        } finally {
            lock.unlock();
        }
    }

    /** The probe on the wire was answered; without one, nothing happens. */
    public void answered() {
        answered(owed());
    }

    /**
     * A probe was answered.
     *
     * @param probe its number, see {@link #owed}; nothing happens unless it is the one on the wire
     */
    public void answered(long probe) {
        CompletableFuture<Void> done;
        lock.lock();
        try {
            if (!probing || probe != probes) {
                return;
            }
            probing = false;
            window.answered(ahead, nanos.getAsLong() - askedAt);
            confirmed = mark;
            ownConfirmed = ownMark;
            done = asked;
            asked = next;
            next = null;
            if (asked != null || eventsUnconfirmed() > window.size() / PROBES_PER_WINDOW) {
                probe();
            }
            room.signalAll();
        } finally {
            lock.unlock();
        }
        if (done != null) {
            done.complete(null);
        }
    }

    /** Nothing passes any more, and who waits to send learns it. */
    void end(String reason) {
        lock.lock();
        try {
            ended = ended == null ? reason : ended;
            room.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Fails the barriers of a flow that has ended, on the calling thread. */
    void failBarriers(String reason) {
        CompletableFuture<Void> first;
        CompletableFuture<Void> second;
        lock.lock();
        try {
            first = asked;
            second = next;
            asked = null;
            next = null;
        } finally {
            lock.unlock();
        }
        if (first != null) {
            first.completeExceptionally(new NotConnectedException(reason));
        }
        if (second != null) {
            second.completeExceptionally(new NotConnectedException(reason));
        }
    }

    /** Probes now if none is on the wire, though nobody waits for the answer. */
    public void check() {
        lock.lock();
        try {
            probe();
        } finally {
            lock.unlock();
        }
    }

    /** Asks anew, perhaps in another way, what is still unanswered. */
    public void askAnew() {
        lock.lock();
        try {
            if (probing) {
                probing = false;
                probe();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Bytes sent of which it is not known that they have arrived. */
    public long unconfirmed() {
        lock.lock();
        try {
            return sent - confirmed;
        } finally {
            lock.unlock();
        }
    }

    /** The number of the probe that is on the wire, counted from 1; 0 when there is none. */
    public long owed() {
        lock.lock();
        try {
            return probing ? probes : 0;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Grows as the probe on the wire comes nearer to the server. Behind much that a slow server has to read first, all
     * that still moves is a good sign. Else only what was sent before the probe counts: a link that swallows everything
     * takes what comes after it, too.
     *
     * @param queued bytes that have not left for the network
     */
    public long nearer(long queued) {
        lock.lock();
        try {
            long gone = sent - queued;
            return ahead > LITTLE ? gone : Math.min(gone, mark);
        } finally {
            lock.unlock();
        }
    }

    /** Whether all before the probe on the wire has left for the network. */
    public boolean written(long queued) {
        lock.lock();
        try {
            return probing && sent - queued >= mark;
        } finally {
            lock.unlock();
        }
    }

    private void probe() {
        if (probing || ended != null) {
            return;
        }
        String frame = probeFrame.apply(probes);
        if (frame == null || wire.test(frame.getBytes(StandardCharsets.UTF_8))) {
            probing = true;
            probes++;
            mark = sent;
            ownMark = own;
            ahead = sent - confirmed;
            askedAt = nanos.getAsLong();
        }
    }
}
