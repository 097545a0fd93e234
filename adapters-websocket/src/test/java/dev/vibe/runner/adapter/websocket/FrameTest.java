package dev.vibe.runner.adapter.websocket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FrameTest {
    @Test
    void anEventsPayloadIsItsTextAsItStands() {
        assertEquals(
                new Frame.Event("message:send", "{\"a\": [1.50, \"\\u00e9 }\"] }"),
                Frame.parse("{\"event\":\"message:send\", \"data\" : {\"a\": [1.50, \"\\u00e9 }\"] } , \"more\":{}}"));
        assertEquals(new Frame.Event("x", "\"a\\\"b\""), Frame.parse("{\"data\":\"a\\\"b\",\"event\":\"x\"}"));
        assertEquals(new Frame.Event("x", "17"), Frame.parse("{\"event\":\"x\",\"data\":17}"));
        assertEquals(new Frame.Event("x", "null"), Frame.parse("{\"event\":\"x\",\"data\":null}"));
        assertEquals(new Frame.Event("x", ""), Frame.parse("{\"event\":\"x\"}"));
        String digits = "9".repeat(5_000);
        assertEquals(new Frame.Event("x", digits), Frame.parse("{\"event\":\"x\",\"data\":" + digits + "}"));
        String wide = "\"" + "\uD83D\uDE00é".repeat(50_000) + "\"";
        assertEquals(new Frame.Event("x", wide), Frame.parse("{\"event\":\"x\",\"data\":" + wide + "}"));
    }

    @Test
    void acksAndHellosAreRead() {
        assertEquals(new Frame.Ack(7), Frame.parse("{\"ack\":7}"));
        assertEquals(new Frame.Ack(7), Frame.parse("{\"ack\":7.0}"));
        assertEquals(new Frame.Ack(70), Frame.parse("{\"ack\":7e1}"));
        for (String bad : List.of("7.5", "\"7\"", "null", "[7]", "1e300", "NaN")) {
            assertFalse(Frame.parse("{\"ack\":" + bad + "}") instanceof Frame.Ack, bad);
        }
        assertEquals(new Frame.BadAck(), Frame.parse("{\"ack\":\"7\"}"));
        assertEquals(new Frame.Hello(5_000), Frame.parse("{\"hello\":{\"x\":[{}],\"maxPayload\":5000}}"));
        assertEquals(new Frame.Hello(0), Frame.parse("{\"hello\":{}}"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "nothing",
                "[]",
                "7",
                "{",
                "{\"event\":7}",
                "{\"event\":{\"deep\":[[[",
                "{\"ack\":99999999999999999999}",
                "{\"hello\":5}",
                "{\"later\":{\"event\":\"x\"}}"
            })
    void whatIsNoneOfTheseIsNothing(String text) {
        assertEquals(new Frame.Other(), Frame.parse(text));
    }

    @Test
    void depthBeyondAllSenseIsAnEventThatTheDecoderMayRefuse() {
        String deep = "[".repeat(1_000_000) + "}";
        assertEquals(new Frame.Event("x", deep), Frame.parse("{\"event\":\"x\",\"data\":" + deep));
        assertEquals(new Frame.Other(), Frame.parse("{\"data\":" + deep));
    }
}
