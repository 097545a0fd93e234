package dev.vibe.runner.testkit.recorded;

/**
 * One thing that happened in a conversation.
 *
 * @param atMs milliseconds since the conversation began; for readers, a replay does not keep them
 * @param link which of the runner's connections, from 1
 * @param kind what happened
 * @param text the frame; for {@link Kind#OPENED} the path and query of the request; for a close its code (RFC 6455, 7.4)
 */
public record Entry(long atMs, int link, Kind kind, String text) {
    /** What can happen. */
    public enum Kind {
        /** The runner opened a WebSocket. */
        OPENED,
        /** The runner sent a text frame. */
        RUNNER,
        /** The server sent a text frame. */
        SERVER,
        /** The runner closed the connection, or dropped it. */
        RUNNER_CLOSED,
        /** The server closed the connection, or dropped it (1006). */
        SERVER_CLOSED
    }
}
