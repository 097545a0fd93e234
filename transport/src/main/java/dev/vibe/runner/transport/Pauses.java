package dev.vibe.runner.transport;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * Pauses between attempts: random between the shortest and a ceiling that doubles with each attempt, so that a thousand
 * runners do not come back to a restarted server all at once.
 */
final class Pauses {
    private static final int MAX_DOUBLINGS = 30;

    private final long min;
    private final long max;
    private final RandomGenerator random;
    private int attempts;

    Pauses(Duration min, Duration max, RandomGenerator random) {
        this.min = min.toMillis();
        this.max = max.toMillis();
        this.random = random;
    }

    Duration next() {
        attempts = Math.min(attempts + 1, MAX_DOUBLINGS);
        long ceiling = Math.min(max, min << Math.min(attempts, 20));
        return Duration.ofMillis(ceiling <= min ? min : random.nextLong(min, ceiling + 1));
    }

    void reset() {
        attempts = 0;
    }
}
