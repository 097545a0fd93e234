package dev.vibe.runner.application.port.in;

import dev.vibe.runner.domain.AgentType;
import dev.vibe.runner.domain.SessionId;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A session at one moment.
 *
 * @param state starting, running or stopping
 * @param age since its start in this process
 * @param turn how long the turn under way has taken, from the message that began it; null between turns
 * @param working whether the agent has something to do, and does not wait for an answer of the server's
 * @param pid of the agent's main process; null while there is none
 * @param memoryBytes of all its processes together, shared pages counted for each; null where unknown
 * @param cpu used by them; null where unknown
 * @param lines that the agent wrote for the server
 * @param bytes of these lines; a character counts as one
 * @param inputs messages that wait for the agent
 * @param unconfirmed events that the server has not confirmed
 */
public record SessionView(
        SessionId id,
        AgentType agent,
        String state,
        Duration age,
        @Nullable Duration turn,
        boolean working,
        @Nullable Long pid,
        @Nullable Long memoryBytes,
        @Nullable Duration cpu,
        long lines,
        long bytes,
        int inputs,
        long unconfirmed) {}
