package dev.vibe.runner.adapter.websocket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.vibe.runner.application.Endpoint;
import dev.vibe.runner.application.EndpointSettings;
import dev.vibe.runner.application.FairOutbox;
import dev.vibe.runner.application.MemorySpool;
import dev.vibe.runner.application.OutboxLimits;
import dev.vibe.runner.application.SessionLimits;
import dev.vibe.runner.application.port.out.SessionStore;
import dev.vibe.runner.domain.AgentType;
import dev.vibe.runner.domain.EndpointId;
import dev.vibe.runner.testkit.FakeAgent;
import dev.vibe.runner.testkit.FakeAgentPort;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A session's name that is used again, though the server says at each registration what it has of the earlier session. */
@Timeout(60)
class ReusedIdTest {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final Map<String, String> SESSION = Map.of("sessionId", "s1", "agentType", "claude");

    private final FakeAgentPort claude = new FakeAgentPort(AgentType.CLAUDE);
    private final FairOutbox outbox =
            new FairOutbox(new MemorySpool(1_000_000), new OutboxLimits(1_000_000, 1_000_000));

    private Endpoint endpoint(WebSocketRig rig) {
        EndpointSettings settings = new EndpointSettings(
                new EndpointId("e-1"),
                1,
                Map.of(),
                Duration.ofSeconds(30),
                Duration.ofMillis(50),
                Duration.ofMillis(200),
                Duration.ofSeconds(5),
                Duration.ofSeconds(5),
                Duration.ofSeconds(1),
                SessionLimits.NONE,
                false,
                false);
        return new Endpoint(settings, rig.transport(), List.of(claude), outbox, SessionStore.none(), new Random(1));
    }

    /** Three lines and the end, all of which the server has. */
    private void run(WebSocketRig rig) throws Exception {
        rig.server.emit("session:start", SESSION);
        FakeAgent agent = claude.awaitLaunch();
        for (int i = 0; i < 3; i++) {
            agent.says("line " + i);
        }
        agent.exits(0);
        rig.server.awaitEvent("session:ended", SOON);
        assertTrue(outbox.awaitEmpty(SOON));
    }

    private static void holdsTwoRuns(JsonNode counts) {
        assertEquals(6, counts.path("count").asInt(), counts::toString);
        assertEquals(0, counts.path("repeats").asInt(), counts::toString);
        assertEquals(0, counts.path("gaps").asInt(), counts::toString);
    }

    @Test
    void isDeliveredWholeAfterAReconnection() throws Exception {
        try (WebSocketRig rig = new WebSocketRig(Map.of())) {
            Endpoint endpoint = endpoint(rig);
            endpoint.start();
            rig.server.awaitEvent("endpoint:register", SOON);
            run(rig);
            rig.cut();
            rig.server.awaitEvent("endpoint:register", SOON);
            run(rig);
            holdsTwoRuns(rig.server.counts("s1"));
            endpoint.shutdown(Duration.ofSeconds(2));
        }
    }

    @Test
    void isDeliveredWholeByARunnerThatKnowsNothingOfTheEarlierSession() throws Exception {
        try (WebSocketRig rig = new WebSocketRig(Map.of())) {
            Endpoint first = endpoint(rig);
            first.start();
            rig.server.awaitEvent("endpoint:register", SOON);
            run(rig);
            first.shutdown(Duration.ofSeconds(2));
            try (WebSocketRig next = rig.again()) {
                Endpoint second = endpoint(next);
                second.start();
                rig.server.awaitEvent("endpoint:register", SOON);
                run(rig);
                holdsTwoRuns(rig.server.counts("s1"));
                second.shutdown(Duration.ofSeconds(2));
            }
        }
    }
}
