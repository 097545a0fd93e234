package dev.vibe.runner.application.port.out;

import dev.vibe.runner.domain.EndpointEvent;
import java.util.concurrent.CompletionStage;

/**
 * One connection to the server, from {@code connected} to {@code disconnected}. An object of its own, so that nothing
 * meant for one connection can slip onto the next before that one is registered. Safe for use by several threads.
 */
public interface Link {

    /**
     * Sends an event, after all that were sent before on this link. Waits while the link is full, so that what is on
     * its way stays bounded; never buffers for another connection.
     *
     * @throws NotConnectedException when this connection is gone; the event may or may not have arrived
     * @throws InterruptedException when interrupted while waiting
     */
    void send(EndpointEvent event) throws NotConnectedException, InterruptedException;

    /**
     * Sends an event as {@link #send} does, if that can be done without waiting: for whoever has an event and something better to
     * do than to wait for room. It may leave no earlier than at the next {@link #flush} or {@link #barrier}, which is to follow soon.
     *
     * @return false when it might have to wait; nothing has been done then, and {@link #send} is the way
     * @throws NotConnectedException as {@link #send}
     */
    default boolean offer(EndpointEvent event) throws NotConnectedException {
        return false;
    }

    /** What was {@link #offer offered} leaves now. Takes no longer than to write it into a socket that has room. */
    default void flush() {}

    /**
     * Learns that the server has received all that was sent on this link before this call. Returns at once. What the
     * server sent before its answer has been handed to {@code ServerEvents} when the stage completes: it may be about
     * something that is to be forgotten then. The stage completes on a thread of the transport, so what follows it must not block; it completes exceptionally, with
     * {@link NotConnectedException}, when the link ends first, and then what was sent may or may not have arrived. An
     * answer that stays out for too long ends the link.
     */
    CompletionStage<Void> barrier();

    /** Ends this connection, e.g. because it is of no more use; the transport connects again. Returns at once. */
    void drop(String reason);
}
