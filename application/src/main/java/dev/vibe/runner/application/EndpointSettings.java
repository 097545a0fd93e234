package dev.vibe.runner.application;

import dev.vibe.runner.domain.EndpointId;
import java.time.Duration;
import java.util.Map;

/**
 * What the application needs to know about this endpoint.
 *
 * @param endpointId its name
 * @param maxSessions how many sessions may run at once
 * @param metadata platform and versions, announced at registration
 * @param heartbeat pause between heartbeats
 * @param registerRetryMin first pause before a registration that got no answer is repeated
 * @param registerRetryMax longest such pause
 * @param authGrace for how long a refused token is tried again: a fresh sandbox's token may reach the server late
 * @param startTimeout how long an agent may take to answer its handshake
 * @param stopGrace how long an agent may take to end by itself when asked to
 * @param limits what a session may take of time
 * @param resume whether sessions are gone on with after the runner or their agent has died
 * @param dropWhenFull whether output that does not fit the outbox is dropped, with a notice, instead of the agent waiting
 */
public record EndpointSettings(
        EndpointId endpointId,
        int maxSessions,
        Map<String, String> metadata,
        Duration heartbeat,
        Duration registerRetryMin,
        Duration registerRetryMax,
        Duration authGrace,
        Duration startTimeout,
        Duration stopGrace,
        SessionLimits limits,
        boolean resume,
        boolean dropWhenFull) {}
