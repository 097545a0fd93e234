package dev.vibe.runner.localserver;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A registered endpoint. Guarded by the hub's lock. */
final class EndpointEntry {
    private static final int MAX_SESSIONS = 1000;

    final String id;
    final Set<String> sessions = new HashSet<>();

    @Nullable
    Peer peer;

    JsonNode metadata;
    Set<String> agents = Set.of();
    int maxSessions = 1;
    long lastHeard = System.currentTimeMillis();

    EndpointEntry(String id, JsonNode registration) {
        this.id = id;
        this.metadata = registration.path("metadata");
    }

    /** What a registration says; the endpoint's sessions stay its own. */
    void registered(Peer from, JsonNode registration) {
        peer = from;
        metadata = registration.path("metadata");
        maxSessions = Math.clamp(registration.at("/capabilities/maxSessions").asInt(1), 1, MAX_SESSIONS);
        Set<String> offered = new HashSet<>();
        registration.at("/capabilities/supportedAgents").forEach(agent -> offered.add(agent.asText()));
        agents = Set.copyOf(offered);
        lastHeard = System.currentTimeMillis();
    }

    /** A heartbeat, which may tell an agent's version that the registration did not. */
    void heard(JsonNode heartbeat) {
        lastHeard = System.currentTimeMillis();
        JsonNode versions = heartbeat.at("/metadata/agentVersions");
        if (versions.isObject() && metadata.isObject()) {
            metadata = ((ObjectNode) metadata.deepCopy()).set("agentVersions", versions);
        }
    }

    boolean takes(String agentType) {
        return peer != null && agents.contains(agentType) && sessions.size() < maxSessions;
    }

    /** Between 0 and 1. */
    double load() {
        return (double) sessions.size() / maxSessions;
    }

    ObjectNode describe() {
        ObjectNode node = Wire.object()
                .put("endpointId", id)
                .put("connected", peer != null)
                .put("maxSessions", maxSessions)
                .put("sessions", sessions.size())
                .put("lastHeard", lastHeard);
        agents.stream().sorted().forEach(node.putArray("agents")::add);
        node.set("metadata", metadata);
        return node;
    }
}
