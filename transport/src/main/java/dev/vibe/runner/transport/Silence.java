package dev.vibe.runner.transport;

import java.time.Duration;

/**
 * Judges a server that owes an answer. It is dead when for the whole timeout neither the answer comes nor the question
 * gets any nearer: a server that reads slowly takes long to reach the probe, and dropping it would begin the same queue
 * anew, for ever. Used by the transport's thread only.
 */
public final class Silence {
    private final long timeoutNanos;
    private final long hurryNanos;
    private long probe; // 0 while none is owed
    private long hurried; // the probe that is given less time
    private long progress;
    private long since;

    /**
     * Nothing is owed yet.
     *
     * @param hurry the shorter timeout, see {@link #hurry}
     */
    public Silence(Duration timeout, Duration hurry) {
        timeoutNanos = timeout.toNanos();
        hurryNanos = hurry.toNanos();
    }

    /**
     * Looks at the connection; to be called several times per timeout.
     *
     * @param pendingProbe the number of the probe that is owed an answer, 0 for none
     * @param nearer grows as the question comes nearer to the server
     * @return whether the server is to be given up
     */
    public boolean tooLong(long pendingProbe, long nearer, long nowNanos) {
        if (pendingProbe == 0) {
            probe = 0;
            return false;
        }
        if (pendingProbe != probe || nearer > progress) {
            since = nowNanos;
        }
        probe = pendingProbe;
        progress = nearer;
        return nowNanos - since >= (probe == hurried ? hurryNanos : timeoutNanos);
    }

    /** Until now it was not the server who was silent. */
    public void excuse(long nowNanos) {
        since = nowNanos;
    }

    /** This probe is given the shorter timeout, from now on. */
    public void hurry(long pendingProbe, long nowNanos) {
        hurried = pendingProbe;
        probe = pendingProbe;
        since = nowNanos;
    }

    /** Whether that probe is still owed. */
    public boolean hurrying() {
        return probe != 0 && probe == hurried;
    }
}
