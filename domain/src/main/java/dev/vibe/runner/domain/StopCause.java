package dev.vibe.runner.domain;

/** Why a session is being ended by the runner. */
public sealed interface StopCause {

    /** The server asked. */
    record Requested() implements StopCause {}

    /** The runner goes down. */
    record Shutdown() implements StopCause {}

    /**
     * The session broke a rule or a limit.
     *
     * @param reason becomes the session's error
     */
    record Violation(String reason) implements StopCause {}
}
