package dev.vibe.runner.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.vibe.runner.domain.AgentInfo;
import dev.vibe.runner.domain.AgentType;
import dev.vibe.runner.domain.Capabilities;
import dev.vibe.runner.domain.Channel;
import dev.vibe.runner.domain.EndpointEvent;
import dev.vibe.runner.domain.EndpointId;
import dev.vibe.runner.domain.OutputLine;
import dev.vibe.runner.domain.SessionEvent;
import dev.vibe.runner.domain.SessionId;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventEncoderTest {
    private static final JsonMapper MAPPER = new JsonMapper();
    private static final EndpointId ENDPOINT = new EndpointId("e2b-1");
    private static final SessionId SESSION = new SessionId("s\"1");
    private static final int ROOMY = 1_000_000;

    private final EventEncoder encoder = new EventEncoder("cloud-e2b", "to\"ken");

    private static SessionEvent.Output line(String text) {
        return new SessionEvent.Output(SESSION, ENDPOINT, 7, new OutputLine(Channel.STDOUT, text));
    }

    private JsonNode payload(EndpointEvent event, int maxBytes) throws Exception {
        return MAPPER.readTree(encoder.encode(event, maxBytes).json());
    }

    @Test
    void registrationHasTheProtocolsShape() throws Exception {
        Capabilities able = new Capabilities(
                3, List.of(new AgentInfo(AgentType.CLAUDE, "2.1.0"), new AgentInfo(AgentType.CODEX, null)));
        EncodedEvent event =
                encoder.encode(new EndpointEvent.Register(ENDPOINT, able, Map.of("platform", "linux")), ROOMY);
        assertEquals("endpoint:register", event.name());
        assertEquals(MAPPER.readTree("""
                {"endpointId":"e2b-1","type":"cloud-e2b",
                 "capabilities":{"maxSessions":3,"supportedAgents":["claude","codex"]},
                 "metadata":{"platform":"linux","agentVersions":{"claude":"2.1.0"}},"authToken":"to\\"ken"}"""), MAPPER.readTree(event.json()));
    }

    @Test
    void aHeartbeatTellsWhatTheRegistrationCouldNot() throws Exception {
        Capabilities able = new Capabilities(
                3, List.of(new AgentInfo(AgentType.CLAUDE, "2.1.0"), new AgentInfo(AgentType.CODEX, null)));
        EncodedEvent event = encoder.encode(new EndpointEvent.Heartbeat(ENDPOINT, able), ROOMY);
        assertEquals("endpoint:heartbeat", event.name());
        assertEquals(MAPPER.readTree("""
                {"endpointId":"e2b-1","capabilities":{"maxSessions":3,"supportedAgents":["claude","codex"]},
                 "metadata":{"agentVersions":{"claude":"2.1.0"}}}"""), MAPPER.readTree(event.json()));
    }

    @Test
    void anErrorIsCutNoShorterThanItMust() throws Exception {
        String error = "The working directory \u0007/nope does not exist. ".repeat(40);
        for (int limit : new int[] {400, 1_000, 1_999}) {
            EncodedEvent event = encoder.encode(
                    new SessionEvent.Failed(new SessionId("11111111-2222-4333-8444-555555555555"), ENDPOINT, error),
                    limit);
            int length = event.json().getBytes(StandardCharsets.UTF_8).length;
            assertTrue(length <= limit && length > limit * 3 / 4, () -> limit + ": " + length);
            assertTrue(MAPPER.readTree(event.json()).path("error").asText().endsWith(" [cut]"));
        }
    }

    @Test
    void lifecycleEventsHaveTheProtocolsNames() {
        assertEquals(
                new EncodedEvent("endpoint:heartbeat", "{\"endpointId\":\"e2b-1\"}"),
                encoder.encode(new EndpointEvent.Heartbeat(ENDPOINT), ROOMY));
        assertEquals(
                new EncodedEvent("endpoint:unregister", "{\"endpointId\":\"e2b-1\"}"),
                encoder.encode(new EndpointEvent.Unregister(ENDPOINT), ROOMY));
        assertEquals(
                new EncodedEvent("session:started", "{\"sessionId\":\"s\\\"1\",\"endpointId\":\"e2b-1\"}"),
                encoder.encode(new SessionEvent.Started(SESSION, ENDPOINT, null), ROOMY));
        assertEquals(
                new EncodedEvent(
                        "session:ended",
                        "{\"sessionId\":\"s\\\"1\",\"endpointId\":\"e2b-1\",\"reason\":\"stopped\",\"exitCode\":143}"),
                encoder.encode(new SessionEvent.Ended(SESSION, ENDPOINT, "stopped", 143), ROOMY));
        assertEquals(
                new EncodedEvent(
                        "session:error",
                        "{\"sessionId\":\"s\\\"1\",\"endpointId\":\"e2b-1\",\"error\":\"no \\\"x\\\"\"}"),
                encoder.encode(new SessionEvent.Failed(SESSION, ENDPOINT, "no \"x\""), ROOMY));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"type\":\"assistant\",\"n\":1.10,\"big\":123456789012345678901234567890}",
                " {\"a\" : [1, 2 ,3]}\t",
                "[]",
                "\"text\"",
                "123",
                "-0.5e10",
                "true",
                "null",
                "{\"a\":1,\"a\":2}",
                "{\"u\":\"\\ud800\"}"
            })
    void aLineOfJsonIsCarriedAsItStands(String json) {
        assertEquals(
                "{\"sessionId\":\"s\\\"1\",\"message\":" + json + ",\"type\":\"stdout\",\"seq\":7}",
                encoder.encode(line(json), ROOMY).json());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "plain",
                "{\"a\":1}{\"b\":2}",
                "{\"a\":1} x",
                "{\"a\":",
                "nul",
                "01",
                "NaN",
                "{'a':1}",
                "\u0000{}",
                "{\"a\":\"\u0001\"}",
                "\uFEFF{}",
                "tail \uD83D\uDE00 \u2028",
                "[1,]",
                "// {}"
            })
    void anyOtherLineBecomesText(String text) throws Exception {
        JsonNode message = payload(line(text), ROOMY).path("message");
        assertEquals(
                MAPPER.createObjectNode()
                        .put("type", "text")
                        .put("content", text)
                        .put("source", "stdout"),
                message);
    }

    @Test
    void deepJsonIsStillJsonAsFarAsServersCanTakeIt() {
        String deep = "[".repeat(3_000) + "]".repeat(3_000);
        assertTrue(encoder.encode(line(deep), ROOMY).json().contains("\"message\":[[["));
        String deeper = "[".repeat(20_000) + "]".repeat(20_000);
        assertTrue(encoder.encode(line(deeper), ROOMY)
                .json()
                .contains("\"message\":{\"type\":\"text\",\"content\":\"[[["));
    }

    @Test
    void anOverlongJsonLineBecomesAMarkerThatKeepsTypeAndIds() throws Exception {
        String text = "{\"type\":\"assistant\",\"message\":{\"id\":\"m\",\"text\":\"" + "é".repeat(50_000)
                + "\"},\"session_id\":\"abc\",\"uuid\":\"u-1\",\"parent_tool_use_id\":null}";
        JsonNode message = payload(line(text), 60_000).path("message");
        assertEquals("assistant", message.path("type").asText());
        assertEquals("abc", message.path("session_id").asText());
        assertEquals("u-1", message.path("uuid").asText());
        assertEquals(
                text.getBytes(StandardCharsets.UTF_8).length,
                message.path("truncated").path("bytes").asInt());
        assertTrue(text.startsWith(message.path("truncated").path("head").asText()));
    }

    /** Jackson takes names of 50,000 characters by default. */
    @Test
    void anOverlongJsonLineMayHaveAnEndlessName() throws Exception {
        String line = "{\"type\":\"x\",\"" + "n".repeat(60_000) + "\":1,\"pad\":\"" + "p".repeat(10_000) + "\"}";
        assertEquals(
                "x", payload(line(line), 20_000).path("message").path("type").asText());
    }

    @Test
    void anOverlongTextLineBecomesAMarkerWithItsHead() throws Exception {
        JsonNode message = payload(line("x".repeat(100_000)), 50_000).path("message");
        assertEquals("text", message.path("type").asText());
        assertEquals(100_000, message.path("truncated").path("bytes").asInt());
        assertEquals(50_000, message.path("truncated").path("limitBytes").asInt());
        assertFalse(message.path("content").asText().isEmpty());
    }

    @Test
    void noPayloadIsLongerThanAllowed() {
        Random random = new Random(42);
        String[] alphabet = {"a", "\u0001", "\"", "é", "漢", "\uD83D\uDE00", "{", "\\"};
        for (int round = 0; round < 300; round++) {
            StringBuilder text = new StringBuilder(random.nextBoolean() ? "{\"type\":\"t\",\"x\":\"" : "");
            String letter = alphabet[random.nextInt(alphabet.length)];
            text.append(letter.repeat(random.nextInt(20_000)));
            int max = 2_500 + random.nextInt(20_000);
            String json = encoder.encode(line(text.toString()), max).json();
            assertTrue(json.getBytes(StandardCharsets.UTF_8).length <= max, () -> letter + " at " + max);
            String error = encoder.encode(new SessionEvent.Failed(SESSION, ENDPOINT, text.toString()), 10_000 + max)
                    .json();
            assertTrue(error.getBytes(StandardCharsets.UTF_8).length <= 10_000 + max);
        }
    }

    @Test
    void aNoticeIsAMessageInTheStream() throws Exception {
        JsonNode payload = payload(new SessionEvent.Notice(SESSION, ENDPOINT, 3, "malformed-command", "why"), ROOMY);
        assertEquals("vibe:notice", payload.path("message").path("type").asText());
        assertEquals(3, payload.path("seq").asInt());
        assertEquals("stderr", payload.path("type").asText());
    }
}
