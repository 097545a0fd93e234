package dev.vibe.runner.adapter.socketio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventFrameTest {

    @Test
    void anEventIsTakenApart() {
        assertEquals(new EventFrame(null, "a", "{\"b\":[1,2]}"), EventFrame.parse("42[\"a\",{\"b\":[1,2]}]"));
        assertEquals(new EventFrame("13", "a", "\"x,]\\\"\""), EventFrame.parse("4213[\"a\",\"x,]\\\"\"]"));
    }

    @Test
    void onlyTheFirstArgumentIsThePayload() {
        assertEquals(new EventFrame(null, "a", "{\"b\":1}"), EventFrame.parse("42[\"a\",{\"b\":1},2,[3]]"));
    }

    @Test
    void anEventWithoutArgumentHasAnEmptyPayload() {
        assertEquals(new EventFrame(null, "a", ""), EventFrame.parse("42[\"a\"]"));
    }

    @Test
    void aPayloadThatIsNoJsonIsLeftToTheDecoder() {
        assertEquals(new EventFrame(null, "a", "{{{"), EventFrame.parse("42[\"a\",{{{]"));
        assertEquals(new EventFrame(null, "a", "\"open"), EventFrame.parse("42[\"a\",\"open]"));
    }

    @Test
    void nestingCostsNoStack() {
        String deep = "[".repeat(1_000_000) + "]".repeat(1_000_000);
        EventFrame frame = EventFrame.parse("42[\"a\"," + deep + "]");
        assertEquals(new EventFrame(null, "a", deep), frame);
    }

    @Test
    void anAttachmentIsNull() {
        assertEquals(
                new EventFrame(
                        "13", "a", "{\"b\":null,\"c\":[null],\"d\":\"{\\\"_placeholder\\\":true,\\\"num\\\":0}\"}"),
                EventFrame.parseBinary("452-13[\"a\",{\"b\":{\"_placeholder\":true,\"num\":0},"
                        + "\"c\":[{\"_placeholder\":true,\"num\":1}],"
                        + "\"d\":\"{\\\"_placeholder\\\":true,\\\"num\\\":0}\"}]"));
        for (String none :
                new String[] {"45", "45-[\"a\"]", "451[\"a\"]", "451-/ns,[\"a\"]", "4512345678901-[\"a\"]"}) {
            assertNull(EventFrame.parseBinary(none), none);
        }
    }

    @Test
    void inALongEventAnAttachmentStaysWhatStandsForIt() {
        String payload = "{\"a\":\"" + "x".repeat(1 << 20) + "\",\"b\":{\"_placeholder\":true,\"num\":0}}";
        assertEquals(new EventFrame("7", "e", payload), EventFrame.parseBinary("451-7[\"e\"," + payload + "]"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "42",
                "42[",
                "42[]",
                "42[\"",
                "42[\"a",
                "42[\"a\"",
                "42[\"a\"x]",
                "42[1]",
                "42{\"a\":1}",
                "42null",
                "42/ns,[\"a\"]",
                "42[\"\\u0061\"]",
                "421234567890123456[\"a\"]"
            })
    void whatIsNoEventIsNothing(String text) {
        assertNull(EventFrame.parse(text));
    }
}
