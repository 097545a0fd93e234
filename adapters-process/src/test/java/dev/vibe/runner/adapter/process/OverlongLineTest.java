package dev.vibe.runner.adapter.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.vibe.runner.domain.Channel;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OverlongLineTest {
    private static final int LIMIT = 50_000;
    private static final String FILL = "word \\\"quoted\\\" {[ ü ".repeat(20_000);

    @Test
    void claudesLineKeepsItsTypeAndIdsThoughTheyComeLast() throws Exception {
        JsonNode marker = marker(
                "{\"type\":\"assistant\",\"message\":{\"id\":\"msg_1\",\"type\":\"message\",\"role\":\"assistant\","
                        + "\"content\":[{\"type\":\"text\",\"text\":\"" + FILL
                        + "\",\"id\":\"inner\"}],\"usage\":{\"id\":7}},"
                        + "\"parent_tool_use_id\":null,\"session_id\":\"s-1\",\"uuid\":\"u\\u002d1\"}");
        assertEquals("assistant", marker.path("type").asText());
        assertEquals("msg_1", marker.path("message").path("id").asText());
        assertEquals("s-1", marker.path("session_id").asText());
        assertEquals("u-1", marker.path("uuid").asText());
        assertTrue(marker.path("parent_tool_use_id").isNull());
        assertTrue(marker.path("message")
                .path("content")
                .path(0)
                .path("text")
                .asText()
                .contains("cut this line"));
        assertTrue(marker.path("truncated").path("head").asText().startsWith("{\"type\":\"assistant\""));
        assertEquals(LIMIT, marker.path("truncated").path("limitBytes").asInt());
    }

    @Test
    void codexLinesKeepMethodAndTheIdsOfThreadTurnAndItem() throws Exception {
        JsonNode marker =
                marker("{\"method\":\"item/completed\",\"params\":{\"item\":{\"type\":\"agentMessage\",\"text\":\""
                        + FILL + "\",\"id\":\"item-1\"},\"threadId\":\"t-1\",\"turnId\":\"r-1\"},\"emittedAtMs\":5}");
        assertEquals("item/completed", marker.path("method").asText());
        assertEquals("item-1", marker.path("params").path("item").path("id").asText());
        assertEquals(
                "agentMessage", marker.path("params").path("item").path("type").asText());
        assertEquals("t-1", marker.path("params").path("threadId").asText());
        assertEquals("r-1", marker.path("params").path("turnId").asText());
    }

    @Test
    void anAnswersIdStaysANumber() throws Exception {
        JsonNode marker = marker("{\"result\":{\"data\":\"" + FILL + "\"},\"id\":12}");
        assertEquals(12, marker.path("id").asInt());
        assertTrue(marker.path("id").isInt());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "plain words %s",
                "{\"type\":\"x\",\"a\":\"%s",
                "{\"type\":\"x\",\"a\":\"%s\"} {}",
                "[\"%s\"]",
                "{\"a\":\"%s\"}}",
                "{\"type\":\"x\"},%s"
            })
    void whatIsNotOneJsonObjectBecomesText(String form) throws Exception {
        JsonNode marker = marker(form.formatted(FILL));
        assertEquals("text", marker.path("type").asText());
        assertEquals("stdout", marker.path("source").asText());
        assertTrue(marker.path("content").asText().startsWith(form.substring(0, 2)));
        assertTrue(marker.path("content").asText().endsWith("can be passed on.]"));
        assertTrue(marker.path("truncated").path("bytes").asLong() > LIMIT);
    }

    @Test
    void theHeadEndsBetweenCharacters() throws Exception {
        for (String shift : new String[] {"", "a", "ab", "abc"}) {
            JsonNode marker = marker(shift + "\uD83D\uDE80".repeat(30_000));
            assertFalse(marker.path("content").asText().contains("\uFFFD"));
        }
    }

    @Test
    void aTinyLimitStillGivesAMarkerThatFits() throws Exception {
        for (int limit = LineFramer.MIN_LIMIT; limit < 3000; limit += 97) {
            String text = "{\"type\":\"x\",\"id\":\"" + "\\u0001".repeat(40) + "\",\"a\":\"" + "\u0001\"".repeat(9000)
                    + "\"}";
            OverlongLine line = new OverlongLine(Channel.STDERR);
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            line.accept(bytes, 0, bytes.length);
            String marker = line.marker(limit);
            assertTrue(marker.getBytes(StandardCharsets.UTF_8).length <= limit, marker);
            assertTrue(Json.read(marker).path("truncated").isObject());
        }
    }

    @Test
    void noiseNeverBreaksTheMarker() throws Exception {
        Random random = new Random(11);
        String alphabet = "{}[]\":,\\ntidype01 \u00fc";
        for (int round = 0; round < 3000; round++) {
            StringBuilder noise = new StringBuilder("{\"type\":");
            for (int i = 0; i < 200; i++) {
                noise.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            JsonNode marker = marker(noise.toString());
            assertTrue(marker.path("truncated").isObject());
        }
    }

    private static JsonNode marker(String text) throws Exception {
        OverlongLine line = new OverlongLine(Channel.STDOUT);
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        Random random = new Random(bytes.length);
        int at = 0;
        while (at < bytes.length) {
            int size = Math.min(bytes.length - at, 1 + random.nextInt(9000));
            line.accept(bytes, at, at + size);
            at += size;
        }
        String marker = line.marker(LIMIT);
        assertTrue(marker.getBytes(StandardCharsets.UTF_8).length <= LIMIT);
        JsonNode json = Json.read(marker);
        assertEquals(bytes.length, json.path("truncated").path("bytes").asLong());
        return json;
    }
}
