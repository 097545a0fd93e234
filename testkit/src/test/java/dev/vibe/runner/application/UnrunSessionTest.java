package dev.vibe.runner.application;

import static dev.vibe.runner.application.EndpointRig.SOON;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.vibe.runner.application.port.out.SessionRequest;
import dev.vibe.runner.application.port.out.SessionStore;
import dev.vibe.runner.application.port.out.Telemetry;
import dev.vibe.runner.domain.AgentType;
import dev.vibe.runner.domain.SessionEvent;
import dev.vibe.runner.domain.SessionId;
import dev.vibe.runner.testkit.FakeAgentPort;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class UnrunSessionTest {
    private static final SessionId S1 = new SessionId("s1");
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final FairOutbox outbox = new FairOutbox(new MemorySpool(1_000_000), OutboxLimits.DEFAULT);

    @Test
    void aSessionThatNoThreadCanRunGivesItsSlotBackAndSaysWhy() throws Exception {
        CompletableFuture<Session> freed = new CompletableFuture<>();
        CompletableFuture<Session> gone = new CompletableFuture<>();
        Session session = new Session(
                new SessionRequest(S1, EndpointRig.ID, null),
                new FakeAgentPort(AgentType.CLAUDE),
                new SessionStream(S1, EndpointRig.ID, outbox, () -> {}, 0, false),
                SessionStore.none(),
                new EndpointSettings(
                        EndpointRig.ID,
                        1,
                        Map.of(),
                        SECOND,
                        SECOND,
                        SECOND,
                        SECOND,
                        SECOND,
                        SECOND,
                        SessionLimits.NONE,
                        true,
                        false),
                new InboxBudget(1),
                new LaunchPool(),
                Telemetry.NONE,
                freed::complete,
                gone::complete);
        session.cannotRun(new OutOfMemoryError("unable to create native thread"));
        assertEquals(session, freed.get(SOON.toMillis(), TimeUnit.MILLISECONDS));
        assertEquals(session, gone.get(SOON.toMillis(), TimeUnit.MILLISECONDS));
        assertEquals(
                new SessionEvent.Failed(
                        S1,
                        EndpointRig.ID,
                        "the runner can start no thread for this session: unable to create native thread"),
                Outputs.take(outbox).event());
        assertEquals(1, outbox.size());
    }
}
