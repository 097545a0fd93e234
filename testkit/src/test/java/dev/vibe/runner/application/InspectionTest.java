package dev.vibe.runner.application;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.vibe.runner.application.port.in.ConnectionView;
import dev.vibe.runner.application.port.in.ConnectionView.State;
import dev.vibe.runner.application.port.in.EndpointView;
import dev.vibe.runner.application.port.in.SessionView;
import dev.vibe.runner.domain.ServerCommand;
import dev.vibe.runner.domain.SessionEvent;
import dev.vibe.runner.domain.SessionId;
import dev.vibe.runner.testkit.FakeAgent;
import dev.vibe.runner.testkit.FakeAgent.Deed;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class InspectionTest {
    @Test
    void anIdleEndpointIsRegisteredAndEmpty() throws Exception {
        try (EndpointRig rig = new EndpointRig(1).started()) {
            var _ = rig.endpoint.firstAttempt().toCompletableFuture().get(10, TimeUnit.SECONDS);
            EndpointView view = rig.endpoint.look();
            assertEquals(State.REGISTERED, view.connection().state());
            assertEquals(0, view.connection().reconnects());
            assertEquals(0, view.sessions().size());
            assertEquals(new EndpointView.Totals(0, 0), view.totals());
        }
    }

    @Test
    void aSessionIsSeenWithWhatItCarriedAndIsCountedAfterItsEnd() throws Exception {
        try (EndpointRig rig = new EndpointRig(1).started()) {
            FakeAgent agent = rig.session("s1");
            agent.says("hello");
            agent.says("again");
            var _ = rig.next("s1", SessionEvent.Output.class);
            var _ = rig.next("s1", SessionEvent.Output.class);
            SessionView session = rig.endpoint.look().sessions().getFirst();
            assertEquals("s1", session.id().value());
            assertEquals("running", session.state());
            assertEquals(agent.pid(), session.pid());
            assertNull(session.turn());
            rig.send("s1", "do something");
            var _ = agent.awaitMessage();
            assertNotNull(rig.endpoint.look().sessions().getFirst().turn());
            agent.exits(0);
            var _ = rig.next("s1", SessionEvent.Ended.class);
            EndpointView after = rig.endpoint.look();
            assertEquals(0, after.sessions().size());
            assertEquals(new EndpointView.Totals(2, 10), after.totals());
        }
    }

    /** A request to the agent itself, say: it would seem to be in a turn for ever. */
    @Test
    void aMessageOfWhichNoTurnComesIsNone() throws Exception {
        try (EndpointRig rig = new EndpointRig(1).started()) {
            FakeAgent agent = rig.session("s1");
            agent.completesATurn();
            rig.send("s1", "no words for the model");
            rig.transport.receive(new ServerCommand.InterruptSession(new SessionId("s1")));
            var _ = agent.deeds()
                    .take(Deed.Interrupted.class, Duration.ofSeconds(10)); // what was before has been seen to
            assertNull(rig.endpoint.look().sessions().getFirst().turn());
        }
    }

    @Test
    void aRoundTripIsKnownOnceSomethingWasDelivered() throws Exception {
        try (EndpointRig rig = new EndpointRig(1).started()) {
            FakeAgent agent = rig.session("s1");
            agent.exits(0);
            var _ = rig.next("s1", SessionEvent.Ended.class);
            long end = System.nanoTime() + Duration.ofSeconds(10).toNanos();
            while (rig.endpoint.look().connection().roundTrip() == null) {
                assertTrue(System.nanoTime() < end, "no round trip");
                Thread.sleep(5);
            }
            assertEquals(0, rig.endpoint.look().delivery().resent());
        }
    }

    /** Whoever can connect sees the history, agents too. */
    @Test
    void aSecretInTheServersWordsIsNotShown() {
        String words = "Invalid auth token: " + EndpointRig.SECRET;
        String masked = "Invalid auth token: ***";
        try (EndpointRig rig = new EndpointRig(1)) {
            rig.endpoint.received(new ServerCommand.ServerError(words));
            rig.endpoint.refused(words);
            rig.endpoint.unreachable(words);
            rig.endpoint.disconnected(words);
            assertEquals(
                    List.of("the server answered: " + masked, masked),
                    rig.endpoint.look().connection().history().stream()
                            .map(ConnectionView.Change::why)
                            .toList());
            assertEquals(List.of(masked), rig.disconnections);
        }
    }
}
