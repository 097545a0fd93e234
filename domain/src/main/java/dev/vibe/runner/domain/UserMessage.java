package dev.vibe.runner.domain;

/** What a server sends to a session's agent. */
public sealed interface UserMessage {

    /**
     * Plain words for the agent.
     *
     * @param text may be empty, may have several lines
     */
    record Text(String text) implements UserMessage {}

    /**
     * An object whose meaning the agent's adapter knows: {@code {text}}, {@code {content}}, an agent's own message.
     *
     * @param json one complete, syntactically valid JSON value
     */
    record Structured(String json) implements UserMessage {}
}
