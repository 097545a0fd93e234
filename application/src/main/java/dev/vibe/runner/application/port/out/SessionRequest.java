package dev.vibe.runner.application.port.out;

import dev.vibe.runner.domain.EndpointId;
import dev.vibe.runner.domain.SessionId;
import org.jspecify.annotations.Nullable;

/**
 * What an agent is launched for.
 *
 * @param sessionId reaches the agent as {@code VIBE_SESSION_ID}
 * @param endpointId reaches the agent as {@code VIBE_ENDPOINT_ID}
 * @param workingDirectory as the server gave it, unchecked; null for the default
 */
public record SessionRequest(SessionId sessionId, EndpointId endpointId, @Nullable String workingDirectory) {}
