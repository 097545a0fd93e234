package dev.vibe.runner.adapter.socketio;

import dev.vibe.runner.application.port.out.NotConnectedException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The barriers of one connection. At most one probe is on the wire; all barriers that come meanwhile share the next one,
 * so any number of callers costs two futures.
 */
final class Barriers {
    private final Runnable sendProbe;
    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable CompletableFuture<Void> onTheWire; // guarded by lock
    private @Nullable CompletableFuture<Void> next; // guarded by lock; only while one is on the wire
    private @Nullable String ended; // guarded by lock
    private long probes; // guarded by lock; how many were sent

    /** @param sendProbe enqueues a probe behind all that was sent; must not block */
    Barriers(Runnable sendProbe) {
        this.sendProbe = sendProbe;
    }

    CompletionStage<Void> add() {
        CompletableFuture<Void> barrier;
        lock.lock();
        try {
            if (ended != null) {
                return CompletableFuture.failedStage(new NotConnectedException(ended));
            }
            if (onTheWire != null) {
                next = next == null ? new CompletableFuture<>() : next;
                return next.minimalCompletionStage();
            }
            barrier = new CompletableFuture<>();
            onTheWire = barrier;
            probes++;
        } finally {
            lock.unlock();
        }
        sendProbe.run();
        return barrier.minimalCompletionStage();
    }

    /** The probe on the wire was answered; without one, nothing happens. */
    void answered() {
        CompletableFuture<Void> done;
        boolean again;
        lock.lock();
        try {
            done = onTheWire;
            onTheWire = next;
            next = null;
            again = onTheWire != null;
            if (again) {
                probes++;
            }
        } finally {
            lock.unlock();
        }
        if (again) {
            sendProbe.run();
        }
        if (done != null) {
            done.complete(null);
        }
    }

    /** No probe will be answered any more. */
    void end(String reason) {
        CompletableFuture<Void> first;
        CompletableFuture<Void> second;
        lock.lock();
        try {
            ended = reason;
            first = onTheWire;
            second = next;
            onTheWire = null;
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

    /** The number of the probe on the wire; 0 while there is none. */
    long pending() {
        lock.lock();
        try {
            return onTheWire == null ? 0 : probes;
        } finally {
            lock.unlock();
        }
    }
}
