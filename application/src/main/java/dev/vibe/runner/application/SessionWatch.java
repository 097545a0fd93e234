package dev.vibe.runner.application;

import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Holds one session against its limits. An agent may hang with an open connection: no output, no work, no end (seen with
 * real ones); whoever waits for it is told. Used by the watchdog's thread only.
 */
final class SessionWatch {
    /** Less work than this part of the time is none: timers and garbage collectors of idle programs take some. */
    private static final int IDLE_PER_WORK = 100;

    private final SessionLimits limits;
    private @Nullable Quiet quiet;

    /** How long the runner was stopped since the session began, all together, and when it last went on. */
    private long sleptNanos;

    private @Nullable Long wokeNanos;

    SessionWatch(SessionLimits limits) {
        this.limits = limits;
    }

    /**
     * How a session is.
     *
     * @param startedNanos when it began
     * @param activityNanos when the server or the agent last said something
     * @param held output of the agent waits for room, so that the agent may be waiting too
     * @param turnUnderWay the agent has work to do, and does not wait for the server
     * @param work how much CPU time the agent's processes have used, null where that is not known; may take a while
     */
    record Vitals(
            long startedNanos,
            long activityNanos,
            boolean held,
            boolean turnUnderWay,
            Supplier<@Nullable Duration> work) {}

    /** What is to be done. */
    sealed interface Finding {
        /** Nothing. */
        record Fine() implements Finding {}

        /** Said once for each stall. */
        record Stalled(Duration quiet) implements Finding {}

        /** The session is to end. */
        record Over(String reason) implements Finding {}
    }

    /** Silence within a turn: since when, after what, and with how much work done before. */
    private record Quiet(long sinceNanos, long activityNanos, Duration work, boolean told) {}

    /**
     * The runner has been stopped with all its agents, as in a sandbox that was paused, for {@code nanos}: nobody could say or do anything.
     * Silence counts from now on.
     */
    void slept(long nanos, long nowNanos) {
        quiet = null;
        sleptNanos += nanos;
        wokeNanos = nowNanos;
    }

    Finding look(Vitals vitals, long nowNanos) {
        if (exceeded(limits.longest(), nowNanos - vitals.startedNanos() - sleptNanos)) {
            return new Finding.Over("the session reached its maximum duration of "
                    + limits.longest().toSeconds() + " s (VIBE_MAX_SESSION_SECONDS)");
        }
        if (vitals.held()) {
            quiet = null;
            return new Finding.Fine();
        }
        if (vitals.turnUnderWay()) {
            return limits.stall().isPositive() ? stalled(vitals, nowNanos) : new Finding.Fine();
        }
        quiet = null;
        Long woke = wokeNanos;
        long silent = nowNanos - vitals.activityNanos();
        if (exceeded(limits.idle(), woke == null ? silent : Math.min(silent, nowNanos - woke))) {
            return new Finding.Over(
                    "the session was idle for " + limits.idle().toSeconds() + " s (VIBE_IDLE_TIMEOUT_SECONDS)");
        }
        return new Finding.Fine();
    }

    private Finding stalled(Vitals vitals, long nowNanos) {
        Quiet before = quiet;
        Duration work = vitals.work().get();
        if (work == null) {
            return new Finding.Fine();
        }
        if (before == null || before.activityNanos() != vitals.activityNanos() || worked(before.work(), work)) {
            quiet = new Quiet(nowNanos, vitals.activityNanos(), work, false);
            return new Finding.Fine();
        }
        if (before.told() || !exceeded(limits.stall(), nowNanos - before.sinceNanos())) {
            return new Finding.Fine();
        }
        quiet = new Quiet(before.sinceNanos(), before.activityNanos(), before.work(), true);
        return new Finding.Stalled(Duration.ofNanos(nowNanos - before.sinceNanos()));
    }

    /** Less than before means that a process has ended, which is work too. */
    private boolean worked(Duration before, Duration now) {
        Duration used = now.minus(before);
        return used.isNegative() || used.compareTo(limits.stall().dividedBy(IDLE_PER_WORK)) > 0;
    }

    private static boolean exceeded(Duration limit, long nanos) {
        return limit.isPositive() && nanos >= limit.toNanos();
    }
}
