package dev.vibe.runner.domain;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Everything a server says to a runner, decoded and checked for form. */
public sealed interface ServerCommand {
    /** Whom it is about; null where it names no session. */
    default @Nullable SessionId sessionId() {
        return null;
    }

    /**
     * The server knows this endpoint now: the only proof of a registration.
     *
     * @param endpointId whom the server means; null where it does not say
     * @param newest the highest number the server has of each session's messages, as far as it says
     */
    record Registered(@Nullable EndpointId endpointId, Map<SessionId, Long> newest) implements ServerCommand {
        /** Keeps a copy. */
        public Registered {
            newest = Map.copyOf(newest);
        }

        /** From a server that does not say what it has. */
        public Registered(@Nullable EndpointId endpointId) {
            this(endpointId, Map.of());
        }
    }

    /** The server's event {@code error}, e.g. {@code Invalid auth token}. */
    record ServerError(String message) implements ServerCommand {}

    /**
     * Run an agent.
     *
     * @param agentType the wire's name, perhaps of an agent this machine does not have
     * @param workingDirectory where to run it, null for the default
     * @param initialMessage what to say first, null for nothing
     */
    record StartSession(
            SessionId sessionId,
            AgentType agentType,
            @Nullable String workingDirectory,
            @Nullable UserMessage initialMessage)
            implements ServerCommand {}

    /** Say something to the agent. */
    record SendMessage(SessionId sessionId, UserMessage message) implements ServerCommand {}

    /** End the agent's turn, keep the session. */
    record InterruptSession(SessionId sessionId) implements ServerCommand {}

    /** End the session. */
    record StopSession(SessionId sessionId) implements ServerCommand {}

    /**
     * A known event whose payload makes no sense.
     *
     * @param event the event's name
     * @param sessionId the session it names, null where it names none
     * @param problem for people: what is wrong with it; never contains the payload
     */
    record Malformed(String event, @Nullable SessionId sessionId, String problem) implements ServerCommand {
        /** Whether it was to start a session, so that somebody may wait for that one. */
        public boolean asksForSession() {
            return event.equals("session:start");
        }
    }
}
