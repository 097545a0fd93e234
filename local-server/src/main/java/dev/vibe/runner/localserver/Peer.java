package dev.vibe.runner.localserver;

import com.fasterxml.jackson.databind.JsonNode;

/** A connection of a runner, whatever it speaks. Methods return at once, and are called under the hub's lock. */
interface Peer {
    /** Sends an event. */
    void emit(String event, JsonNode payload);

    /** Ends the connection. */
    void disconnect();
}
