package dev.vibe.runner.testkit;

import dev.vibe.runner.application.port.out.TransportPort;
import dev.vibe.runner.protocol.EncodedEvent;
import java.util.List;

/** A transport and the server it talks to, in the hands of {@link TransportContract}. */
public interface TransportRig extends AutoCloseable {

    /** The transport, not opened yet; comes back within about a second, gives a probe {@link #PROBE_TIMEOUT_MS}. */
    TransportPort transport();

    /** How long its barriers may stay unanswered. */
    int PROBE_TIMEOUT_MS = 1_000;

    /** What has arrived at the server, over all connections. */
    List<EncodedEvent> arrived() throws InterruptedException;

    /** The longest payload, in bytes, that the server takes. */
    int maxPayload();

    /** The server sends an event, whatever it is. */
    void say(String event, String json) throws Exception;

    /** The connection is lost. */
    void cut() throws Exception;

    /** The server reads nothing, until {@link #startReading}. */
    void stopReading() throws Exception;

    /** The server reads again. */
    void startReading() throws Exception;

    /** The network swallows everything both ways, until {@link #cut} or {@link #heal}; the connection stays open. */
    void swallow() throws Exception;

    /** The network is as it should be. */
    void heal() throws Exception;

    /** The server refuses connections with these words from now on. */
    void refuse(String words) throws Exception;

    /** The server refuses no more. */
    void accept() throws Exception;

    /** The server closes the connection in an orderly way, as it does when it restarts. */
    void hangUp() throws Exception;

    /** The server attaches no handlers to connections from now on, until {@link #attachHandlers}. */
    void lateHandlers() throws Exception;

    /** The server waits for an event that comes before its handlers, and then attaches them. */
    void attachHandlers() throws Exception;

    /** Whether the transport's protocol has events wait for the handlers, instead of losing those that come before. */
    default boolean earlyEventsWait() {
        return false;
    }

    /** Whether a thread belongs to the transport and must end with it. */
    boolean owns(Thread thread);

    @Override
    void close();
}
