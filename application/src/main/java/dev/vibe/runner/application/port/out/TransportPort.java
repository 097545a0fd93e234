package dev.vibe.runner.application.port.out;

import dev.vibe.runner.application.port.in.ServerEvents;

/**
 * A way to reach the server. Implementations hold the server's address, credentials and reconnection policy; the
 * application never sees them.
 */
public interface TransportPort extends AutoCloseable {

    /**
     * Begins to connect, and reconnects after every loss, for ever, until {@link #close}. Returns at once; called once.
     *
     * @param events told of everything; see there for the order of calls
     */
    void open(ServerEvents events);

    /**
     * The largest message, in UTF-8 bytes of its JSON, that the server of the newest connection takes; before the first
     * connection a cautious guess. A larger one is replaced by a marker when it is sent, so this is a hint for
     * producers. Never blocks.
     */
    int maxMessageBytes();

    /**
     * Ends the connection and all threads of this transport; what has not been confirmed by a {@link Link#barrier} may
     * be lost. Idempotent; no {@link ServerEvents} call begins after it returns.
     */
    @Override
    void close();
}
