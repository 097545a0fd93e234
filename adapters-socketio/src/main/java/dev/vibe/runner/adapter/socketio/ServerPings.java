package dev.vibe.runner.adapter.socketio;

import java.time.Duration;

/**
 * Whether the server still pings, as it has said it would. The probes notice a dead link much sooner, but only while something is sent, and
 * not every server can be asked. Times are of {@link System#nanoTime}. The reader expects and hears, the transport's thread asks.
 */
final class ServerPings {
    private volatile long patienceNanos = Long.MAX_VALUE;
    private volatile long heardAt;

    /** From now on. */
    void expect(Duration patience, long nowNanos) {
        heardAt = nowNanos;
        patienceNanos = patience.toNanos();
    }

    /** Anything came, or could not have come: until now it was not the server who was silent. */
    void heard(long nowNanos) {
        heardAt = nowNanos;
    }

    boolean missed(long nowNanos) {
        return nowNanos - heardAt > patienceNanos;
    }
}
