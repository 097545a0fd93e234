package dev.vibe.runner.application;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.vibe.runner.application.SessionWatch.Finding;
import dev.vibe.runner.application.SessionWatch.Vitals;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A clock that only the test moves. */
class SessionWatchTest {
    private static final SessionLimits LIMITS =
            new SessionLimits(Duration.ofMinutes(30), Duration.ofHours(5), Duration.ofMinutes(10), false);

    private final SessionWatch watch = new SessionWatch(LIMITS);
    private long minute;
    private long activityMinute;
    private boolean turn = true;
    private boolean held;
    private @Nullable Duration work = Duration.ZERO;

    private Finding after(int minutes) {
        minute += minutes;
        long activity = nanos(activityMinute);
        return watch.look(new Vitals(0, activity, held, turn, () -> work), nanos(minute));
    }

    private static long nanos(long minutes) {
        return Duration.ofMinutes(minutes).toNanos();
    }

    private void fine(int minutes) {
        assertEquals(new Finding.Fine(), after(minutes));
    }

    @Test
    void aTurnWithoutOutputAndWorkStallsAndIsToldOnce() {
        fine(1);
        fine(9);
        assertEquals(new Finding.Stalled(Duration.ofMinutes(10)), after(1));
        fine(1);
        fine(100);
    }

    /** A sandbox that was paused: on waking, its agents have been silent for long, and a turn was interrupted for it. */
    @Test
    void whatStoodStillWithTheRunnerDidNotStall() {
        fine(1);
        slept(60);
        fine(0);
        fine(9);
        assertEquals(new Finding.Stalled(Duration.ofMinutes(10)), after(1));
    }

    @Test
    void aPauseIsNoIdlenessAndTakesNoTimeFromTheSession() {
        turn = false;
        fine(20);
        slept(600);
        fine(29);
        assertInstanceOf(Finding.Over.class, after(1));
        activityMinute = minute;
        fine(29);
        activityMinute = minute;
        turn = true;
        work = null;
        fine(5 * 60 - 20 - 59 - 1);
        assertInstanceOf(Finding.Over.class, after(1));
    }

    private void slept(int minutes) {
        minute += minutes;
        watch.slept(nanos(minutes), nanos(minute));
    }

    @Test
    void outputEndsAStallAndANewOneIsToldAgain() {
        fine(1);
        assertInstanceOf(Finding.Stalled.class, after(10));
        activityMinute = 11;
        fine(1);
        fine(9);
        assertInstanceOf(Finding.Stalled.class, after(1));
    }

    @Test
    void anAgentThatComputesSilentlyIsNotStalled() {
        for (int i = 0; i < 29; i++) {
            work = Duration.ofSeconds(7L * i);
            fine(10);
        }
    }

    @Test
    void theHumOfAnIdleProgramIsNoWork() {
        fine(1);
        work = Duration.ofSeconds(5);
        assertInstanceOf(Finding.Stalled.class, after(10));
    }

    @Test
    void aProcessThatEndedIsWork() {
        work = Duration.ofSeconds(50);
        fine(1);
        work = Duration.ofSeconds(1);
        fine(10);
    }

    @Test
    void betweenTurnsNothingStalls() {
        turn = false;
        fine(29);
    }

    @Test
    void whereTheSystemTellsNothingNothingStalls() {
        work = null;
        fine(1);
        fine(100);
    }

    @Test
    void anAgentThatIsHeldBackIsNotStalledNorIdle() {
        held = true;
        fine(20);
        turn = false;
        fine(20);
    }

    @Test
    void aSessionInWhichNothingIsSaidEndsButNotWithinATurn() {
        fine(1);
        work = Duration.ofMinutes(1);
        fine(40);
        turn = false;
        Finding.Over over = assertInstanceOf(Finding.Over.class, after(1));
        assertTrue(over.reason().contains("idle for 1800 s (VIBE_IDLE_TIMEOUT_SECONDS)"), over.reason());
    }

    @Test
    void theMaximumDurationCountsWhateverHappens() {
        activityMinute = 300;
        fine(299);
        held = true;
        Finding.Over over = assertInstanceOf(Finding.Over.class, after(1));
        assertTrue(over.reason().contains("18000 s (VIBE_MAX_SESSION_SECONDS)"), over.reason());
    }

    @Test
    void aLimitIsLookedAtOftenEnoughAndNotTooOften() {
        assertEquals(Duration.ofSeconds(20), LIMITS.pause());
        assertEquals(
                Duration.ofMillis(100),
                new SessionLimits(Duration.ofSeconds(1), Duration.ZERO, Duration.ZERO, false).pause());
    }
}
