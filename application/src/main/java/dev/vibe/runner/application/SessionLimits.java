package dev.vibe.runner.application;

import java.time.Duration;
import java.util.List;

/**
 * What a session may take of time. Zero means without limit.
 *
 * @param idle between turns: for so long neither the server nor the agent says anything
 * @param longest from start to end
 * @param stall within a turn: for so long no line of the agent and no work of its processes
 * @param interruptStalled whether a stalled turn is interrupted, besides saying so
 */
public record SessionLimits(Duration idle, Duration longest, Duration stall, boolean interruptStalled) {
    /** No limits. */
    public static final SessionLimits NONE = new SessionLimits(Duration.ZERO, Duration.ZERO, Duration.ZERO, false);

    private static final Duration SHORTEST_PAUSE = Duration.ofMillis(5);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(20);
    private static final int LOOKS_PER_LIMIT = 10;

    boolean any() {
        return idle.isPositive() || longest.isPositive() || stall.isPositive();
    }

    /** How often to look, so that a limit is noticed a tenth late at most, or some seconds. */
    Duration pause() {
        Duration pause = LONGEST_PAUSE;
        for (Duration limit : List.of(idle, longest, stall)) {
            Duration part = limit.dividedBy(LOOKS_PER_LIMIT);
            if (part.isPositive() && part.compareTo(pause) < 0) {
                pause = part;
            }
        }
        return pause.compareTo(SHORTEST_PAUSE) < 0 ? SHORTEST_PAUSE : pause;
    }
}
