package dev.vibe.runner.localserver;

import com.fasterxml.jackson.databind.JsonNode;

/** Hears what runners say, after the hub has dealt with it and under its lock: must not block. */
interface HubListener {
    /** An event of any runner. */
    default void received(String event, JsonNode payload) {}

    /** A runner's connection is gone. */
    default void disconnected() {}
}
