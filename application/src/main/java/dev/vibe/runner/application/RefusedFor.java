package dev.vibe.runner.application;

import java.time.Duration;

/**
 * For how long a token has been tried in vain. Only time in which it was tried counts: while the machine was paused, or nobody could be
 * reached, the server could not be told of it. Not thread-safe.
 */
final class RefusedFor {
    /** More between two refusals is no time in which the token was tried. */
    private static final long LONGEST_TRY = Duration.ofSeconds(30).toNanos();

    private boolean refused;
    private long lastNanos;
    private long forNanos;

    /** The server refuses the token. Returns for how long it has, since it first did. */
    Duration refused(long nowNanos) {
        forNanos = refused ? forNanos + Math.min(nowNanos - lastNanos, LONGEST_TRY) : 0;
        lastNanos = nowNanos;
        refused = true;
        return Duration.ofNanos(forNanos);
    }

    /** All before counts no longer. */
    void forget() {
        refused = false;
    }
}
