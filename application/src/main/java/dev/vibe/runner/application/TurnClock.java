package dev.vibe.runner.application;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Times turns as the user waits for them: from a message to the end of the turn that answers it. Several messages may be
 * answered by one turn, and an agent may begin one by itself, which is then not timed.
 */
final class TurnClock {
    private static final long NONE = Long.MIN_VALUE;

    private final AtomicLong begun = new AtomicLong(NONE);
    private int known; // the session's thread only

    /** A message is on its way to the agent. Any thread. */
    void message(long nowNanos) {
        begun.compareAndSet(NONE, nowNanos);
    }

    /** A message did not get to the agent. A turn that may be under way is then not timed. Any thread. */
    void refused() {
        begun.set(NONE);
    }

    /** Another process of the agent counts anew. The session's thread. */
    void newProcess() {
        known = 0;
    }

    /**
     * Looks whether a turn has ended; the session's thread, after each line.
     *
     * @param completed turns of the agent's process so far
     */
    boolean ended(int completed) {
        boolean news = completed != known;
        known = completed;
        return news;
    }

    /**
     * How long the turn that has ended took; null where nobody asked for it.
     *
     * @param more whether another turn follows at once
     */
    @Nullable
    Duration end(boolean more, long nowNanos) {
        long since = begun.getAndSet(more ? nowNanos : NONE);
        return since == NONE ? null : Duration.ofNanos(nowNanos - since);
    }

    /** How long the turn under way has taken; null without one. */
    @Nullable
    Duration underWay(long nowNanos) {
        long since = begun.get();
        return since == NONE ? null : Duration.ofNanos(nowNanos - since);
    }
}
