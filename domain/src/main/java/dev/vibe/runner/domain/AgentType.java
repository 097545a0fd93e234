package dev.vibe.runner.domain;

import org.jspecify.annotations.Nullable;

/**
 * A kind of agent, by its name on the wire. A record and not an enum, so that an adapter can bring a new kind.
 *
 * @param name as the server spells it, e.g. {@code claude}
 */
public record AgentType(String name) {
    /** Anthropic's Claude Code. */
    public static final AgentType CLAUDE = new AgentType("claude");

    /** OpenAI's Codex CLI. */
    public static final AgentType CODEX = new AgentType("codex");

    /** The project's own agent that follows a script, for tests and demos. */
    public static final AgentType SCRIPTED = new AgentType("scripted");

    /** Rejects a blank or overlong name with {@link IllegalArgumentException}. */
    public AgentType {
        Ids.check("agentType", name);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof AgentType that && that.name.equals(name);
    }

    /** Written out, as {@link #equals}: what a record gets for them Java makes at run time, in some milliseconds (docs/decisions.md, 45). */
    @Override
    public int hashCode() {
        return name.hashCode();
    }

    @Override
    public String toString() {
        return name;
    }
}
