package dev.vibe.runner.domain;

import org.jspecify.annotations.Nullable;

/**
 * An agent found on this machine.
 *
 * @param type which agent
 * @param version as the agent states it, or null while unknown
 */
public record AgentInfo(AgentType type, @Nullable String version) {}
