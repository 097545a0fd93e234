package dev.vibe.runner.bootstrap.warmup;

import org.jspecify.annotations.Nullable;

/** The runner's own protocol over plain WebSocket, docs/websocket-protocol.md. */
final class PlainWire implements Wire {
    private static final String EVENT = "{\"event\":";

    private int events;

    @Override
    public String welcome() {
        return "{\"hello\":{\"maxPayload\":1000000}}";
    }

    @Override
    public @Nullable String answer(String frame) {
        return frame.startsWith(EVENT) ? "{\"ack\":" + ++events + "}" : null;
    }

    @Override
    public String event(String name, String payload) {
        return EVENT + "\"" + name + "\",\"data\":" + payload + "}";
    }
}
