package dev.vibe.runner.application;

import dev.vibe.runner.domain.UserMessage;

/** What waits to be given to a session's agent. */
sealed interface SessionInput {
    record Message(UserMessage message) implements SessionInput {}

    record Interrupt() implements SessionInput {}
}
