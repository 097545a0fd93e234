package dev.vibe.runner.bootstrap;

/** What happens to output that does not fit the outbox. */
public enum WhenFull {
    /** The agent is not read any further until there is room. */
    WAIT,
    /** It is dropped, and the stream says so. */
    DROP
}
