package dev.vibe.runner.transport;

import dev.vibe.runner.application.port.out.Link;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection, from the attempt to its end; a new one is a new object. A {@link TransportLoop} drives it from one thread; its
 * readers hand in what comes by {@link #put}; senders are the application's threads.
 */
public abstract class LinkAttempt implements Link {
    private static final Logger LOG = LoggerFactory.getLogger(LinkAttempt.class);

    /** Commands that wait for the transport's thread; then the server's own sending is held back. */
    private static final int INBOX = 256;

    /** And what they may take together, in thousands of characters; one that takes more waits alone. */
    private static final int INBOX_KILOCHARS = 8 * 1024;

    private static final int KILO = 1024;
    private static final long PATIENCE_MILLIS = 100;

    private record Waiting(Signal signal, int kilochars) {}

    private final Turnstile turnstile = new Turnstile();
    private final BlockingQueue<Waiting> inbox = new ArrayBlockingQueue<>(INBOX);
    private final Semaphore space = new Semaphore(INBOX_KILOCHARS);
    private int inHand; // of the space; the transport's thread only
    private final AtomicReference<@Nullable String> endReason = new AtomicReference<>();

    /** What is on its way on this connection. */
    protected abstract Flow flow();

    /** Begins to connect; returns at once. */
    protected abstract void connect();

    /** The longest message this server takes, in bytes of its JSON; known once connected. */
    protected abstract int maxMessageBytes();

    /** Looks whether the server is still there, and ends the connection otherwise. Called several times per timeout. */
    protected abstract void watch();

    /** This machine stood still for a while: finds out quickly whether the server is still there. */
    protected abstract void suspect();

    /** Closes what is open: politely, within a moment, then by force. Called once, after the end. */
    protected abstract void disconnect() throws InterruptedException;

    /** How long to wait at most before the next {@link #watch}. */
    protected Duration tick(Duration usual) {
        return usual;
    }

    @Override
    public CompletionStage<Void> barrier() {
        CompletableFuture<Void> inOrder = new CompletableFuture<>();
        var _ = flow().barrier().whenComplete((_, failure) -> {
            if (failure == null) {
                turnstile.afterAllPutBefore(() -> inOrder.complete(null));
            } else {
                inOrder.completeExceptionally(failure);
            }
        });
        return inOrder.minimalCompletionStage();
    }

    @Override
    public final void drop(String reason) {
        end(reason);
    }

    /** The next signal, in order; null when none came in time. After the end: what came before it, then null. */
    final @Nullable Signal next(Duration wait) throws InterruptedException {
        Waiting next = inbox.poll(ended() ? 0 : wait.toNanos(), TimeUnit.NANOSECONDS);
        if (next == null) {
            return null;
        }
        inHand = next.kilochars();
        return next.signal();
    }

    /** The signal that {@link #next} gave last has been dealt with. */
    final void handled() {
        space.release(inHand);
        inHand = 0;
        turnstile.handled();
    }

    /** Whether something the server sent has not been dealt with yet: its answer may wait behind that. */
    protected final boolean backlog() {
        return !inbox.isEmpty();
    }

    /** Whether it is over. */
    protected final boolean ended() {
        return endReason.get() != null;
    }

    /** Why it is over, for people. */
    protected final String endReason() {
        String reason = endReason.get();
        return reason == null ? "not ended" : reason;
    }

    /** Fails what waits for this connection, and closes it. */
    final void dispose() throws InterruptedException {
        turnstile.open();
        flow().failBarriers(endReason());
        disconnect();
    }

    /** Ends the connection; the first reason counts. Returns at once, the transport's thread does the rest. Any thread. */
    protected final void end(String reason) {
        if (endReason.compareAndSet(null, reason)) {
            flow().end(reason);
            turnstile.put();
            boolean _ = inbox.offer(new Waiting(new Signal.Wake(), 0)); // a full inbox wakes it as well
        }
    }

    /** Hands a signal to the transport's thread; waits while it is busy, which holds the server back. */
    protected final void put(Signal signal) {
        put(signal, 0);
    }

    /**
     * As above.
     *
     * @param chars how long what came was, where it may be long
     */
    protected final void put(Signal signal, int chars) {
        turnstile.put();
        Waiting waiting = new Waiting(signal, Math.min(INBOX_KILOCHARS, chars / KILO));
        boolean room = false;
        try {
            while (!ended()) {
                room = room || space.tryAcquire(waiting.kilochars(), PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
                if (room && inbox.offer(waiting, PATIENCE_MILLIS, TimeUnit.MILLISECONDS)) {
                    return;
                }
                LOG.debug("the server sends faster than its commands are taken");
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            end("interrupted");
        }
    }
}
