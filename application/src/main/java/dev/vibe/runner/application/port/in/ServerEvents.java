package dev.vibe.runner.application.port.in;

import dev.vibe.runner.application.port.out.Link;
import dev.vibe.runner.domain.ServerCommand;

/**
 * What a transport reports. A transport calls these one after the other, never two at once, holding none of its own
 * locks; for each connection in the order {@code connected}, {@code received}..., {@code disconnected}. No method
 * blocks or throws.
 */
public interface ServerEvents {

    /**
     * A connection to the server stands. Nothing has been sent on it.
     *
     * @param link speaks to the server until this connection ends; never for a later one
     */
    void connected(Link link);

    /**
     * The connection reported last is gone. The transport goes on trying for a new one.
     *
     * @param reason for people
     */
    void disconnected(String reason);

    /**
     * The server (or something before it) answered a connection attempt with a refusal, e.g. a Socket.IO CONNECT_ERROR
     * or HTTP 401. The transport goes on trying. Failures to reach the server at all are not refusals.
     *
     * @param reason the server's words
     */
    void refused(String reason);

    /**
     * A connection attempt came to nothing, perhaps after a refusal. The transport goes on trying.
     *
     * @param reason for people
     */
    default void unreachable(String reason) {}

    /** The server sent something, on the connection reported last. */
    void received(ServerCommand command);
}
