package dev.vibe.runner.planted.transport;

import com.fasterxml.jackson.core.JsonToken;

/** Breaks a rule on purpose. */
final class TransportThatSpeaksJson {
    static final JsonToken WRONG = JsonToken.START_OBJECT;

    private TransportThatSpeaksJson() {}
}
