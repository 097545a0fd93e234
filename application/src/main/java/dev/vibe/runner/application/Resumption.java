package dev.vibe.runner.application;

import dev.vibe.runner.application.port.out.RunningAgent;
import dev.vibe.runner.domain.ExitStatus;
import dev.vibe.runner.domain.SessionState;
import java.time.Duration;

/**
 * Decides whether a conversation goes on in a new process when its agent has died by itself. Between turns only, since a
 * turn that was cut must be seen; and not twice within a minute, since an agent that dies again and again is broken. Used by
 * one thread.
 */
final class Resumption {
    private static final Duration BETWEEN_DEATHS = Duration.ofMinutes(1);

    private final boolean allowed;
    private boolean diedBefore;
    private long lastDeathNanos;

    Resumption(boolean allowed) {
        this.allowed = allowed;
    }

    boolean possible(SessionState state, ExitStatus status, RunningAgent agent) {
        boolean byItself = state instanceof SessionState.Running;
        boolean whole = status.survivors().isEmpty() && !status.success();
        if (!allowed || !byItself || !whole || !agent.betweenTurns() || agent.agentSessionId() == null) {
            return false;
        }
        long now = System.nanoTime();
        boolean tooSoon = diedBefore && now - lastDeathNanos < BETWEEN_DEATHS.toNanos();
        diedBefore = true;
        lastDeathNanos = now;
        return !tooSoon;
    }
}
