package dev.vibe.runner.application;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.vibe.runner.application.port.out.SavedSession;
import dev.vibe.runner.domain.AgentType;
import dev.vibe.runner.domain.EndpointEvent;
import dev.vibe.runner.domain.SessionEvent;
import dev.vibe.runner.domain.SessionId;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A signal that comes before the endpoint has started. */
class EarlyShutdownTest {
    private static final SessionId S1 = new SessionId("s1");

    @Test
    void itWaitsForNobodyAndNothingBeginsAfterIt() throws Exception {
        try (EndpointRig rig = new EndpointRig(1)) {
            rig.claude.resuming();
            rig.saved = List.of(new SavedSession(S1, AgentType.CLAUDE, null, "conversation", 1));
            rig.outbox.append(new SessionEvent.Failed(S1, EndpointRig.ID, "of an earlier run"));

            assertTimeoutPreemptively(
                    Duration.ofSeconds(5), () -> rig.endpoint.shutdown(Duration.ofSeconds(60)), "nobody delivers");
            rig.endpoint.start();

            assertTrue(rig.transport.closed());
            assertEquals(List.of(), rig.transport.arrived().all(EndpointEvent.class));
            assertEquals(0, rig.endpoint.look().sessions().size());
        }
    }
}
