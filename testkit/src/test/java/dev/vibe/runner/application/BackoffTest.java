package dev.vibe.runner.application;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BackoffTest {
    @Test
    void pausesDoubleUpToTheLongestWithinTheJitter() {
        Backoff backoff = new Backoff(Duration.ofMillis(500), Duration.ofSeconds(10), new Random(5));
        for (int round = 0; round < 3; round++) {
            for (long expected : new long[] {500, 1_000, 2_000, 4_000, 8_000, 10_000, 10_000}) {
                long pause = backoff.next().toMillis();
                assertTrue(pause <= expected && pause >= expected * 3 / 4, pause + " for " + expected);
            }
            backoff.reset();
        }
    }
}
