package dev.vibe.runner.transport;

import dev.vibe.runner.domain.ServerCommand;

/** What a connection tells the transport's thread. */
public sealed interface Signal {
    /** The server let us in. */
    record Connected() implements Signal {}

    /** The server answered the attempt with a refusal. */
    record Refused(String reason) implements Signal {}

    /** The server sent a command. */
    record Received(ServerCommand command) implements Signal {}

    /** Look again: the connection has ended. */
    record Wake() implements Signal {}
}
