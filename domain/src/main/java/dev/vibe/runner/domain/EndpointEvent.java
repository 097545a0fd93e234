package dev.vibe.runner.domain;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Everything a runner says to its server. */
public sealed interface EndpointEvent
        permits EndpointEvent.Register, EndpointEvent.Heartbeat, EndpointEvent.Unregister, SessionEvent {

    /** The endpoint that speaks. */
    EndpointId endpointId();

    /**
     * Makes the endpoint known. Repeated after each connection until the server answers.
     *
     * @param capabilities what is true at this moment
     * @param metadata platform, versions: for people, in this order
     */
    record Register(EndpointId endpointId, Capabilities capabilities, Map<String, String> metadata)
            implements EndpointEvent {}

    /**
     * Says that the endpoint is alive; only while registered.
     *
     * @param capabilities where something is known that was not when it registered, an agent's version mostly; else null
     */
    record Heartbeat(EndpointId endpointId, @Nullable Capabilities capabilities) implements EndpointEvent {
        /** With nothing new to tell. */
        public Heartbeat(EndpointId endpointId) {
            this(endpointId, null);
        }
    }

    /** Says that the endpoint leaves for good. */
    record Unregister(EndpointId endpointId) implements EndpointEvent {}
}
