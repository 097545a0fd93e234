package dev.vibe.runner.application.port.out;

import dev.vibe.runner.domain.AgentType;
import dev.vibe.runner.domain.SessionId;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Hears what happens, for metrics and recordings. Called on the runner's own threads by many at once, so no method blocks or
 * throws. Never called for a single line: what is counted by lines is asked of {@code Inspection}.
 */
public interface Telemetry {
    /** Hears nothing. */
    Telemetry NONE = new Telemetry() {};

    /** What became of a start. */
    enum Start {
        /** The agent's process runs. */
        STARTED,
        /** A conversation goes on in a new process. */
        RESUMED,
        /** There was no room for it, or no such agent. */
        REFUSED,
        /** The agent could not be launched. */
        FAILED
    }

    /**
     * A session was to start.
     *
     * @param agent null for one that this runner does not know
     */
    default void start(@Nullable AgentType agent, Start outcome) {}

    /** An agent's process was started, which took so long. */
    default void spawned(SessionId session, AgentType agent, Duration took) {}

    /** An agent has answered its handshake, so long after its process was started. */
    default void ready(SessionId session, AgentType agent, Duration took) {}

    /** A turn is complete, so long after the message that began it. */
    default void turn(SessionId session, AgentType agent, Duration took) {}

    /** A session has ended: completed, stopped, shutdown or failed. */
    default void ended(SessionId session, AgentType agent, String reason, Duration age) {}

    /** A connection was made. */
    default void connected() {}

    /** A connection was lost. */
    default void disconnected(String reason) {}

    /** The server confirmed a delivery, so long after it was asked. */
    default void roundTrip(Duration took) {}
}
