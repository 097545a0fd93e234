package dev.vibe.runner.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Pauses, silence and windows, without a clock. */
class TimingTest {
    private static final long SECOND = 1_000_000_000L;

    @Test
    void pausesGrowWithinTheirLimitsAndBeginAnew() {
        Pauses pauses = new Pauses(Duration.ofMillis(500), Duration.ofSeconds(10), new Random(1));
        long longest = 0;
        for (int i = 0; i < 200; i++) {
            long pause = pauses.next().toMillis();
            assertTrue(pause >= 500 && pause <= 10_000, () -> "paused " + pause);
            assertTrue(i > 0 || pause <= 1_000, () -> "the first pause is " + pause);
            longest = Math.max(longest, pause);
        }
        assertTrue(longest > 8_000, "the longest of 200 is " + longest);
        pauses.reset();
        assertTrue(pauses.next().toMillis() <= 1_000);
    }

    @Test
    void silenceIsTooLongWhenNothingMovesForTheWholeTimeout() {
        Silence silence = new Silence(Duration.ofSeconds(5), Duration.ofSeconds(2));
        assertFalse(silence.tooLong(1, 100, 0));
        assertFalse(silence.tooLong(1, 100, 4 * SECOND));
        assertTrue(silence.tooLong(1, 100, 5 * SECOND));
    }

    @Test
    void progressAndANewProbeBeginTheTimeAnew() {
        Silence silence = new Silence(Duration.ofSeconds(5), Duration.ofSeconds(2));
        assertFalse(silence.tooLong(1, 100, 0));
        assertFalse(silence.tooLong(1, 101, 4 * SECOND));
        assertFalse(silence.tooLong(1, 101, 8 * SECOND));
        assertFalse(silence.tooLong(2, 101, 10 * SECOND));
        assertFalse(silence.tooLong(2, 101, 14 * SECOND));
        assertTrue(silence.tooLong(2, 101, 15 * SECOND));
    }

    @Test
    void whoOwesNothingMayBeSilent() {
        Silence silence = new Silence(Duration.ofSeconds(5), Duration.ofSeconds(2));
        assertFalse(silence.tooLong(1, 100, 0));
        assertFalse(silence.tooLong(0, 100, 100 * SECOND));
        assertFalse(silence.tooLong(2, 100, 200 * SECOND));
    }

    @Test
    void inAHurryLessTimeIsGivenAndOnlyToThatProbe() {
        Silence silence = new Silence(Duration.ofSeconds(5), Duration.ofSeconds(2));
        assertFalse(silence.tooLong(1, 100, 0));
        silence.hurry(1, 4 * SECOND);
        assertFalse(silence.tooLong(1, 100, 5 * SECOND));
        assertTrue(silence.tooLong(1, 100, 6 * SECOND));
        assertFalse(silence.tooLong(2, 100, 7 * SECOND));
        assertFalse(silence.tooLong(2, 100, 11 * SECOND));
        assertTrue(silence.tooLong(2, 100, 12 * SECOND));
    }

    @Test
    void aPauseIsNoticedWhetherTheMonotonicClockRanOnOrNot() {
        AtomicLong wall = new AtomicLong(1_000_000);
        AtomicLong monotonic = new AtomicLong(-5);
        Naps naps = new Naps(wall::get, monotonic::get, Duration.ofSeconds(1));
        wall.addAndGet(2_900);
        monotonic.addAndGet(2_900 * SECOND / 1_000);
        assertEquals(0, naps.sinceLastLook(), "a look that is late by less than 2 s");
        wall.addAndGet(60_000);
        monotonic.addAndGet(SECOND);
        assertEquals(59_000, naps.sinceLastLook(), "suspended: the monotonic clock stood still");
        assertEquals(0, naps.sinceLastLook());
        wall.addAndGet(60_000);
        monotonic.addAndGet(60 * SECOND);
        assertEquals(59_000, naps.sinceLastLook(), "stopped: both clocks ran on");
        wall.addAndGet(-60_000);
        assertEquals(60_000, naps.sinceLastLook(), "a clock set back");
    }

    @Test
    void patienceGrowsWithEachSilentConnectionUpToALimitAndComesBackWithAnAnswer() {
        Patience patience = new Patience(Duration.ofSeconds(5));
        patience.exhausted();
        assertEquals(Duration.ofSeconds(10), patience.now());
        for (int i = 0; i < 10; i++) {
            patience.exhausted();
        }
        assertEquals(Duration.ofSeconds(40), patience.now());
        patience.answered();
        assertEquals(Duration.ofSeconds(5), patience.now());
    }

    @Test
    void aServerWhoseWordsWaitForUsIsNotSilent() {
        Silence silence = new Silence(Duration.ofNanos(100), Duration.ofNanos(50));
        assertFalse(silence.tooLong(1, 0, 1_000));
        silence.excuse(1_090);
        assertFalse(silence.tooLong(1, 0, 1_150));
        assertTrue(silence.tooLong(1, 0, 1_190));
    }
}
