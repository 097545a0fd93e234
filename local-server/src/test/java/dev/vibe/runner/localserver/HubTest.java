package dev.vibe.runner.localserver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.vibe.runner.protocol.EventNames;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class HubTest {
    private final Hub hub = new Hub(Tokens.only("right"), new HubListener() {});

    @Test
    void theLeastLoadedEndpointThatOffersTheAgentTakesTheSession() {
        FakePeer small = register("small", 1, "claude");
        FakePeer large = register("large", 4, "claude", "codex");
        hub.start("claude", null, null);
        hub.start("claude", null, null);
        hub.start("codex", null, null);
        assertEquals(1, small.count(EventNames.SESSION_START));
        assertEquals(2, large.count(EventNames.SESSION_START));
        hub.start("claude", null, null); // large has 2 of 4, small 1 of 1
        assertEquals(3, large.count(EventNames.SESSION_START));
    }

    @Test
    void aSessionThatNobodyTakesWaitsForARegistration() {
        String id = hub.start("claude", "/somewhere", TextNode.valueOf("hello"));
        register("other", 1, "codex");
        FakePeer peer = register("e", 1, "claude");
        JsonNode start = peer.last(EventNames.SESSION_START);
        assertEquals(id, start.path("sessionId").asText());
        assertEquals("hello", start.path("initialMessage").asText());
        assertEquals("/somewhere", start.path("workingDirectory").asText());
    }

    @Test
    void aSessionThatNobodyTakesWaitsForAPlace() {
        FakePeer peer = register("e", 1, "claude");
        String first = hub.start("claude", null, null);
        String second = hub.start("claude", null, null);
        assertEquals(1, peer.count(EventNames.SESSION_START));
        hub.received(peer, EventNames.SESSION_ENDED, session(first).put("reason", "completed"));
        assertEquals(
                second, peer.last(EventNames.SESSION_START).path("sessionId").asText());
    }

    @Test
    void aWrongTokenIsRefusedAndNothingStarts() {
        FakePeer peer = new FakePeer();
        hub.received(peer, EventNames.REGISTER, registration("e", "wrong", 1, "claude"));
        hub.start("claude", null, null);
        assertEquals(
                "Invalid auth token",
                peer.last(EventNames.ERROR).path("message").asText());
        assertEquals(1, peer.said.size());
    }

    @Test
    void aStartThatWasOnItsWayWhenTheLinkBrokeIsSaidAgain() {
        FakePeer before = register("e", 1, "claude");
        String id = hub.start("claude", null, null);
        hub.disconnected(before);
        FakePeer after = register("e", 1, "claude");
        assertEquals(id, after.last(EventNames.SESSION_START).path("sessionId").asText());
        hub.received(after, EventNames.SESSION_STARTED, session(id));
        FakePeer later = register("e", 1, "claude");
        assertEquals(0, later.count(EventNames.SESSION_START), "it runs already");
    }

    @Test
    void aMessageThatComesTwiceIsKeptOnce() {
        FakePeer peer = register("e", 1, "claude");
        String id = hub.start("claude", null, null);
        for (int seq : new int[] {0, 1, 1, 0, 2}) {
            ObjectNode payload = session(id).put("seq", seq);
            payload.set("message", Wire.object().put("n", seq));
            hub.received(peer, EventNames.MESSAGE_FROM_AGENT, payload);
        }
        String history = history(id);
        assertEquals(3, history.split("\"from\":\"agent\"", -1).length - 1, history);
        assertEquals(2, hub.newest().path(id).asInt());
    }

    @Test
    void whatIsNoTextIsKeptAllTheSame() {
        FakePeer peer = register("e", 1, "claude");
        String id = hub.start("claude", null, null);
        hub.received(peer, EventNames.MESSAGE_FROM_AGENT, session(id).put("message", "half: \ud83d"));
        assertTrue(history(id).contains("half: ?"), history(id));
    }

    @Test
    void allHistoriesTogetherHaveOneBudget() {
        Hub small = new Hub(Tokens.only("right"), new HubListener() {}, 100_000);
        FakePeer peer = new FakePeer();
        small.received(peer, EventNames.REGISTER, registration("e", "right", 1000, "claude"));
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            String id = small.start("claude", null, null);
            ids.add(id);
            for (int n = 0; n < 10; n++) {
                ObjectNode payload = session(id).put("seq", n).put("message", "x".repeat(1_000) + "⏺");
                small.received(peer, EventNames.MESSAGE_FROM_AGENT, payload);
            }
            small.received(peer, EventNames.SESSION_ENDED, session(id));
        }
        long kept = ids.stream()
                .mapToLong(id -> small.history(id, 0, 1_000_000).orElseThrow().length)
                .sum();
        assertTrue(kept > 50_000 && kept < 100_000, "of 200,000 bytes: " + kept);
        assertEquals(2, small.history(ids.getFirst(), 0, 1_000_000).orElseThrow().length);
    }

    @Test
    void aFirstMessageIsNotKeptTwiceAndAReasonIsKeptWholeInTheHistoryOnly() {
        FakePeer peer = register("e", 1, "claude");
        String id = hub.start("claude", null, TextNode.valueOf("hello"));
        hub.received(peer, EventNames.SESSION_STARTED, session(id));
        hub.received(peer, EventNames.SESSION_ERROR, session(id).put("error", "y".repeat(100_000)));
        List<String> told = new ArrayList<>();
        hub.watch((kind, json) -> told.add(json));
        ObjectNode described = Objects.requireNonNull(Wire.parse(told.getLast()));
        assertEquals("hello", described.path("title").asText());
        assertTrue(described.path("detail").asText().length() < 3_000);
        assertTrue(history(id).length() > 100_000);
    }

    @Test
    void whatPeopleSayGoesToTheSessionsEndpointOnly() {
        FakePeer one = register("one", 1, "claude");
        FakePeer two = register("two", 1, "codex");
        String id = hub.start("codex", null, null);
        assertTrue(hub.say(id, TextNode.valueOf("hi")));
        assertTrue(hub.order(id, EventNames.SESSION_INTERRUPT));
        assertTrue(hub.order(id, EventNames.SESSION_STOP));
        assertEquals(
                List.of("endpoint:registered", "session:start", "message:send", "session:interrupt", "session:stop"),
                two.said.stream().map(Said::event).toList());
        assertEquals(1, one.said.size());
        assertFalse(hub.say("nobody", TextNode.valueOf("hi")));
        hub.disconnected(two);
        assertFalse(hub.say(id, TextNode.valueOf("hi")), "its endpoint is not connected");
    }

    @Test
    void aWaitingSessionCanBeStopped() {
        String id = hub.start("claude", null, null);
        assertTrue(hub.order(id, EventNames.SESSION_STOP));
        assertEquals(0, register("e", 1, "claude").count(EventNames.SESSION_START));
    }

    @Test
    void anEndpointThatLeavesTakesItsSessionsAlong() {
        FakePeer peer = register("e", 1, "claude");
        String id = hub.start("claude", null, null);
        List<String> states = new ArrayList<>();
        hub.watch((kind, json) -> {
            if (kind.equals("session")) {
                states.add(
                        Objects.requireNonNull(Wire.parse(json)).path("state").asText());
            }
        });
        hub.received(peer, EventNames.UNREGISTER, Wire.object().put("endpointId", "e"));
        assertEquals("failed", states.getLast());
        assertFalse(hub.order(id, EventNames.SESSION_STOP));
    }

    @Test
    void whoWatchesHearsWhatIsAndWhatComes() {
        String before = hub.start("claude", null, null);
        List<String> heard = new ArrayList<>();
        Watcher watcher = (kind, json) -> heard.add(kind + " " + json);
        hub.watch(watcher);
        assertTrue(heard.get(0).startsWith("endpoints []"), heard.toString());
        assertTrue(heard.get(1).contains(before), heard.toString());
        hub.order(before, EventNames.SESSION_STOP);
        assertTrue(heard.stream().anyMatch(line -> line.contains("\"marker\":\"ended\"")), heard.toString());
        int count = heard.size();
        hub.unwatch(watcher);
        hub.start("claude", null, null);
        assertEquals(count, heard.size());
    }

    @Test
    void nonsenseIsIgnored() {
        FakePeer peer = register("e", 1, "claude");
        for (String event : List.of("", "session:unknown", EventNames.MESSAGE_FROM_AGENT, EventNames.HEARTBEAT)) {
            hub.received(peer, event, Wire.object());
            hub.received(peer, event, TextNode.valueOf("text"));
        }
        hub.received(peer, EventNames.REGISTER, TextNode.valueOf("text"));
        String id = hub.start("claude", null, null);
        assertEquals(id, peer.last(EventNames.SESSION_START).path("sessionId").asText());
    }

    private String history(String id) {
        return new String(hub.history(id, 0, 1_000_000).orElseThrow(), StandardCharsets.UTF_8);
    }

    private FakePeer register(String id, int places, String... agents) {
        FakePeer peer = new FakePeer();
        hub.received(peer, EventNames.REGISTER, registration(id, "right", places, agents));
        assertEquals(id, peer.said.getFirst().payload().path("endpointId").asText());
        return peer;
    }

    private static ObjectNode registration(String id, String token, int places, String... agents) {
        ObjectNode payload = Wire.object().put("endpointId", id).put("authToken", token);
        ObjectNode capabilities = payload.putObject("capabilities").put("maxSessions", places);
        List.of(agents).forEach(capabilities.putArray("supportedAgents")::add);
        return payload;
    }

    private static ObjectNode session(String id) {
        return Wire.object().put("sessionId", id);
    }

    private record Said(String event, JsonNode payload) {}

    private static final class FakePeer implements Peer {
        private final List<Said> said = new ArrayList<>();

        @Override
        public void emit(String event, JsonNode payload) {
            said.add(new Said(event, payload.deepCopy()));
        }

        @Override
        public void disconnect() {}

        long count(String event) {
            return said.stream().filter(each -> each.event().equals(event)).count();
        }

        JsonNode last(String event) {
            return said.stream()
                    .filter(each -> each.event().equals(event))
                    .reduce((_, later) -> later)
                    .orElseThrow()
                    .payload();
        }
    }
}
