package dev.vibe.runner.domain;

import org.jspecify.annotations.Nullable;

/** What happens in a session: one {@code Started}, then {@code Output}s (and {@code Notice}s), then one of {@code Ended} and {@code Failed}. */
public sealed interface SessionEvent extends EndpointEvent {

    /** The session it happened in. */
    SessionId sessionId();

    /**
     * The agent's process runs.
     *
     * @param agentSessionId the agent's own name for the conversation, chosen by the runner; null where it has none yet
     */
    record Started(
            SessionId sessionId,
            EndpointId endpointId,
            @Nullable String agentSessionId) implements SessionEvent {}

    /**
     * The agent wrote a line.
     *
     * @param seq counts the session's outputs from 0, so that a receiver can drop a repeat
     */
    record Output(SessionId sessionId, EndpointId endpointId, long seq, OutputLine line) implements SessionEvent {}

    /**
     * The runner itself has something to say in the session's stream, e.g. that a message was malformed.
     *
     * @param seq counts together with the {@link Output}s
     * @param code a stable word for programs, e.g. {@code malformed-message}
     * @param text for people
     */
    record Notice(SessionId sessionId, EndpointId endpointId, long seq, String code, String text)
            implements SessionEvent {}

    /**
     * The session is over as it should be: exit code 0, or a stop that was asked for.
     *
     * @param reason {@code completed}, {@code stopped} or {@code shutdown}
     * @param exitCode the agent's, or null where no process had been started
     */
    record Ended(
            SessionId sessionId,
            EndpointId endpointId,
            String reason,
            @Nullable Integer exitCode) implements SessionEvent {}

    /**
     * The session was refused or went wrong; or an answer about a session this runner does not have.
     *
     * @param error for people: what was wrong and, where known, what to do
     */
    record Failed(SessionId sessionId, EndpointId endpointId, String error) implements SessionEvent {}

    /** True for the event that ends a session. */
    default boolean terminal() {
        return switch (this) {
            case Started _, Output _, Notice _ -> false;
            case Ended _, Failed _ -> true;
        };
    }
}
