package dev.vibe.runner.domain;

import java.util.List;

/**
 * What a server may ask of this endpoint. Announced at each registration, so it must be true.
 *
 * @param maxSessions how many sessions may run at once, at least 1
 * @param supportedAgents the agents found on this machine
 */
public record Capabilities(int maxSessions, List<AgentInfo> supportedAgents) {
    public Capabilities {
        if (maxSessions < 1) {
            throw new IllegalArgumentException("maxSessions is " + maxSessions + ", it must be at least 1");
        }
        supportedAgents = List.copyOf(supportedAgents);
    }

    /** Whether every agent's version is known. */
    public boolean complete() {
        return supportedAgents.stream().noneMatch(agent -> agent.version() == null);
    }
}
