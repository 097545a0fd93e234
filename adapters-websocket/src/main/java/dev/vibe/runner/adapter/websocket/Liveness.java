package dev.vibe.runner.adapter.websocket;

import java.time.Duration;

/**
 * When to ping, and when a ping has stayed unanswered for too long. Times are of {@link System#nanoTime}. {@code heard} comes from
 * the reader, all else from the transport's thread.
 */
final class Liveness {
    private static final long NEVER = Long.MIN_VALUE;
    /** What is heard so soon after a pause may have come before it, and have lain in the system's buffer. */
    private static final long STALE_NANOS = Duration.ofMillis(100).toNanos();

    private final long quietNanos;
    private final long patienceNanos;
    private final long hurryNanos;
    private volatile long heardAt;
    private volatile long answeredAt;
    private long pingedAt = NEVER;
    private boolean hurried;

    /**
     * Has just heard something.
     *
     * @param quiet how long nothing may be heard before a ping is due
     * @param patience for its answer
     * @param hurry for the answer to a ping after a pause of this machine
     */
    Liveness(Duration quiet, Duration patience, Duration hurry, long nowNanos) {
        quietNanos = quiet.toNanos();
        patienceNanos = patience.toNanos();
        hurryNanos = hurry.toNanos();
        heardAt = nowNanos;
        answeredAt = nowNanos;
    }

    /** A pong came from the server. */
    void answered(long nowNanos) {
        answeredAt = nowNanos;
        heardAt = nowNanos;
    }

    /** Anything came from the server. */
    void heard(long nowNanos) {
        heardAt = nowNanos;
    }

    boolean pingDue(long nowNanos) {
        return !waiting() && nowNanos - heardAt >= quietNanos;
    }

    void pinged(boolean inAHurry, long nowNanos) {
        pingedAt = nowNanos;
        hurried = inAHurry;
    }

    /** Whether nothing was heard that can be newer than the last ping. */
    boolean waiting() {
        boolean heard = heardAt - pingedAt >= (hurried ? STALE_NANOS : 0);
        return pingedAt != NEVER && !heard && answeredAt - pingedAt < 0;
    }

    boolean hurrying() {
        return hurried && waiting();
    }

    boolean dead(long nowNanos) {
        return waiting() && nowNanos - pingedAt >= (hurried ? hurryNanos : patienceNanos);
    }
}
