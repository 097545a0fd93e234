package dev.vibe.runner.adapter.socketio;

import java.time.Duration;

/**
 * Judges a server that owes an answer. It is dead when for the whole timeout neither the answer comes nor a single byte
 * moves towards it: a server that reads slowly takes long to reach the probe, and dropping it would begin the same queue
 * anew, for ever. Used by the transport's thread only.
 */
final class Silence {
    private final long timeoutNanos;
    private long probe; // 0 while none is owed
    private long progress;
    private long since;

    Silence(Duration timeout) {
        timeoutNanos = timeout.toNanos();
    }

    /**
     * Looks at the connection; to be called several times per timeout.
     *
     * @param pendingProbe the number of the probe that is owed an answer, 0 for none
     * @param bytesGone grows as bytes leave for the network
     * @return whether the server is to be given up
     */
    boolean tooLong(long pendingProbe, long bytesGone, long nowNanos) {
        if (pendingProbe == 0) {
            probe = 0;
            return false;
        }
        if (pendingProbe != probe || bytesGone > progress) {
            since = nowNanos;
        }
        probe = pendingProbe;
        progress = bytesGone;
        return nowNanos - since >= timeoutNanos;
    }
}
