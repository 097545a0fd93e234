package dev.vibe.runner.domain;

import java.util.Map;

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

    /** Says that the endpoint is alive; only while registered. */
    record Heartbeat(EndpointId endpointId) implements EndpointEvent {}

    /** Says that the endpoint leaves for good. */
    record Unregister(EndpointId endpointId) implements EndpointEvent {}
}
