package dev.vibe.runner.application;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * Growing pauses between attempts: each twice the one before, up to a limit, and each shortened by a random part of up
 * to a quarter so that many runners do not come back at the same moment. Not thread-safe.
 */
public final class Backoff {
    private static final double JITTER = 0.25;

    private final Duration first;
    private final Duration longest;
    private final RandomGenerator random;
    private Duration next;

    /**
     * @param first the first pause, before jitter
     * @param longest no pause is longer
     * @param random the source of jitter
     */
    public Backoff(Duration first, Duration longest, RandomGenerator random) {
        this.first = first;
        this.longest = longest;
        this.random = random;
        this.next = first;
    }

    /** The pause to make now; the following one will be longer. */
    public Duration next() {
        Duration pause = next;
        Duration doubled = next.multipliedBy(2);
        next = doubled.compareTo(longest) > 0 ? longest : doubled;
        return Duration.ofNanos((long) (pause.toNanos() * (1 - JITTER * random.nextDouble())));
    }

    /** Begins again with the first pause. */
    public void reset() {
        next = first;
    }
}
