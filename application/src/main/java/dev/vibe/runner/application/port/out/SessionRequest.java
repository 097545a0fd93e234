package dev.vibe.runner.application.port.out;

import dev.vibe.runner.domain.EndpointId;
import dev.vibe.runner.domain.SessionId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an agent is launched for.
 *
 * @param sessionId reaches the agent as {@code VIBE_SESSION_ID}
 * @param endpointId reaches the agent as {@code VIBE_ENDPOINT_ID}
 * @param workingDirectory as the server gave it, unchecked; null for the default
 * @param resume the agent's own id of a conversation to go on with, see {@link RunningAgent#agentSessionId}; null for a
 *     new one
 * @param settings what its user had set in the process before, see {@link RunningAgent#settings}: it is to be set again before the
 *     agent is told anything else
 */
public record SessionRequest(
        SessionId sessionId,
        EndpointId endpointId,
        @Nullable String workingDirectory,
        @Nullable String resume,
        List<String> settings) {

    /** Holds on to a copy. */
    public SessionRequest {
        settings = List.copyOf(settings);
    }

    /** Nothing was set. */
    public SessionRequest(
            SessionId sessionId, EndpointId endpointId, @Nullable String workingDirectory, @Nullable String resume) {
        this(sessionId, endpointId, workingDirectory, resume, List.of());
    }

    /** A new conversation. */
    public SessionRequest(SessionId sessionId, EndpointId endpointId, @Nullable String workingDirectory) {
        this(sessionId, endpointId, workingDirectory, null);
    }

    /** The same, going on with a conversation. */
    public SessionRequest resuming(@Nullable String agentSessionId) {
        return new SessionRequest(sessionId, endpointId, workingDirectory, agentSessionId, settings);
    }

    /** The same, set like this. */
    public SessionRequest set(List<String> now) {
        return new SessionRequest(sessionId, endpointId, workingDirectory, resume, now);
    }
}
