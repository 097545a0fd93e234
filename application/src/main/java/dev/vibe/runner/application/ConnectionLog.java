package dev.vibe.runner.application;

import dev.vibe.runner.application.port.in.ConnectionView;
import dev.vibe.runner.application.port.in.ConnectionView.Change;
import dev.vibe.runner.application.port.in.ConnectionView.State;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Remembers what became of the connection lately. Told by the transport's thread, asked by any; never blocks for long. */
final class ConnectionLog {
    private static final int KEPT = 20;

    private final Clock clock;
    private final CompletableFuture<Void> firstAttempt = new CompletableFuture<>();
    private final ArrayDeque<Change> history = new ArrayDeque<>(); // guarded by this
    private State state = State.CONNECTING; // guarded by this
    private Instant since; // guarded by this
    private long connections; // guarded by this

    /** Written by the thread that completes a barrier; 0 before the first. */
    private volatile long roundTripNanos;

    ConnectionLog(Clock clock) {
        this.clock = clock;
        this.since = clock.instant();
    }

    /** Completes at the end of the first attempt. */
    CompletableFuture<Void> firstAttempt() {
        return firstAttempt;
    }

    void connected() {
        synchronized (this) {
            connections++;
        }
        note(State.CONNECTED, "connected");
    }

    /** Said again on the same connection, it is no news. */
    void registered() {
        synchronized (this) {
            if (state == State.CONNECTED) {
                note(State.REGISTERED, "registered");
            }
        }
        firstAttempt.complete(null);
    }

    void lost(String reason) {
        note(State.CONNECTING, reason);
        firstAttempt.complete(null);
    }

    /** The server said no; what that does to the connection is told apart from it. */
    void refused(String reason) {
        synchronized (this) {
            note(state, "the server answered: " + reason);
        }
        firstAttempt.complete(null);
    }

    void roundTrip(Duration took) {
        roundTripNanos = took.toNanos();
    }

    /** The same failure again and again takes one place. */
    private synchronized void note(State next, String why) {
        Instant now = clock.instant();
        if (next != state) {
            state = next;
            since = now;
        }
        Change last = history.peekLast();
        int times = 1;
        if (last != null && last.state() == next && last.why().equals(why)) {
            history.removeLast();
            times = last.times() + 1;
        } else if (history.size() == KEPT) {
            history.removeFirst();
        }
        history.addLast(new Change(now, next, why, times));
    }

    synchronized ConnectionView view() {
        long nanos = roundTripNanos;
        @Nullable Duration roundTrip = nanos == 0 ? null : Duration.ofNanos(nanos);
        return new ConnectionView(state, since, connections, roundTrip, List.copyOf(history));
    }
}
