package dev.vibe.runner.application;

import static dev.vibe.runner.application.EndpointRig.SOON;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.vibe.runner.domain.AgentType;
import dev.vibe.runner.domain.Capabilities;
import dev.vibe.runner.domain.EndpointEvent;
import dev.vibe.runner.domain.EndpointId;
import dev.vibe.runner.domain.ServerCommand;
import dev.vibe.runner.domain.SessionEvent;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

class RegistrationTest {

    @Test
    void registersUntilTheServerAnswersThenSendsHeartbeats() throws Exception {
        try (EndpointRig rig = new EndpointRig(1)) {
            rig.answering = false;
            rig.started();
            rig.transport.arrived().take(EndpointEvent.Register.class, SOON);
            rig.transport.arrived().take(EndpointEvent.Register.class, SOON);
            assertTrue(
                    rig.transport.arrived().all(EndpointEvent.Heartbeat.class).isEmpty());
            rig.answering = true;
            rig.transport.arrived().take(EndpointEvent.Heartbeat.class, SOON);
            int registrations =
                    rig.transport.arrived().all(EndpointEvent.Register.class).size();
            rig.transport.arrived().take(EndpointEvent.Heartbeat.class, SOON);
            assertEquals(
                    registrations,
                    rig.transport.arrived().all(EndpointEvent.Register.class).size());
        }
    }

    @Test
    void announcesTheAgentsThatAreInstalledNow() throws Exception {
        try (EndpointRig rig = new EndpointRig(3)) {
            rig.codex.installed(false);
            rig.endpoint.start();
            EndpointEvent.Register first = rig.transport.arrived().take(EndpointEvent.Register.class, SOON);
            assertEquals(3, first.capabilities().maxSessions());
            assertEquals(
                    List.of(AgentType.CLAUDE),
                    first.capabilities().supportedAgents().stream()
                            .map(agent -> agent.type())
                            .toList());
            rig.codex.installed(true);
            rig.transport.cut("test");
            rig.transport.connect();
            EndpointEvent.Register second = rig.transport.arrived().take(EndpointEvent.Register.class, SOON);
            assertEquals(2, second.capabilities().supportedAgents().size());
        }
    }

    @Test
    void nothingIsSentBeforeTheRegistrationIsAnswered() throws Exception {
        try (EndpointRig rig = new EndpointRig(1).started()) {
            var agent = rig.session("s1");
            rig.answering = false;
            rig.transport.cut("test");
            agent.says("said while away");
            rig.transport.connect();
            rig.transport.arrived().take(EndpointEvent.Register.class, SOON);
            rig.transport.arrived().take(EndpointEvent.Register.class, SOON);
            assertEquals(List.of(), rig.texts("s1"));
            rig.answering = true;
            rig.next("s1", SessionEvent.Output.class);
            assertEquals(List.of("said while away"), rig.texts("s1"));
        }
    }

    @Test
    void aVersionThatIsKnownLaterComesWithAHeartbeatOnce() throws Exception {
        try (EndpointRig rig = new EndpointRig(1)) {
            rig.claude.version(null);
            rig.started();
            assertNull(rig.transport
                    .arrived()
                    .take(EndpointEvent.Heartbeat.class, SOON)
                    .capabilities());
            rig.claude.version("2.1.197");
            Capabilities news = null;
            while (news == null) {
                news = rig.transport
                        .arrived()
                        .take(EndpointEvent.Heartbeat.class, SOON)
                        .capabilities();
            }
            assertTrue(news.complete());
            assertEquals("2.1.197", news.supportedAgents().getFirst().version());
            assertNull(rig.transport
                    .arrived()
                    .take(EndpointEvent.Heartbeat.class, SOON)
                    .capabilities());
        }
    }

    @Test
    void aRegistrationThatCameBeforeTheServersHandlersIsRepeated() throws Exception {
        try (EndpointRig rig = new EndpointRig(1)) {
            rig.transport.withoutHandlers();
            rig.endpoint.start();
            rig.transport.missed().take(EndpointEvent.Register.class, SOON);
            rig.transport.attachHandlers();
            rig.transport.arrived().take(EndpointEvent.Register.class, SOON);
            rig.session("s1");
        }
    }

    /** As the first runner took it: there is one endpoint on a connection. */
    @Test
    void anAnswerThatNamesAnotherEndpointIsAnAnswer() throws Exception {
        try (EndpointRig rig = new EndpointRig(1)) {
            rig.answering = false;
            rig.started();
            rig.transport.receive(new ServerCommand.Registered(new EndpointId("srv-e2b-test")));
            EndpointEvent.Heartbeat beat = rig.transport.arrived().take(EndpointEvent.Heartbeat.class, SOON);
            assertEquals(EndpointRig.ID, beat.endpointId());
            rig.session("s1");
        }
    }

    @Test
    void aTokenThatArrivesLateIsWaitedFor() throws Exception {
        try (EndpointRig rig = new EndpointRig(1, OutboxLimits.DEFAULT, Duration.ofSeconds(60))) {
            rig.answering = false;
            rig.started();
            rig.transport.receive(new ServerCommand.ServerError("Invalid auth token"));
            rig.transport.arrived().take(EndpointEvent.Register.class, SOON);
            rig.answering = true;
            rig.transport.arrived().take(EndpointEvent.Heartbeat.class, SOON);
            assertFalse(rig.endpoint.rejected().toCompletableFuture().isDone());
        }
    }

    @Test
    void aTokenRefusedForTheWholeGracePeriodIsReported() throws Exception {
        try (EndpointRig rig = new EndpointRig(1)) {
            rig.answering = false;
            rig.transport.withServer(event -> {
                if (event instanceof EndpointEvent.Register) {
                    rig.transport.receive(new ServerCommand.ServerError("Invalid auth token"));
                }
            });
            rig.started();
            assertEquals(
                    "Invalid auth token",
                    rig.endpoint.rejected().toCompletableFuture().get(10, TimeUnit.SECONDS));
        }
    }

    /** Nothing will be delivered any more: the whole deadline was waited for, and hosts kill what takes that long. */
    @Test
    void whoHasGivenUpOnTheTokenDoesNotWaitForDelivery() throws Exception {
        try (EndpointRig rig = new EndpointRig(1, OutboxLimits.DEFAULT, Duration.ZERO)) {
            rig.started();
            rig.session("s1");
            rig.answering = false;
            rig.transport.cut("test");
            var rejected = rig.endpoint.rejected().toCompletableFuture();
            for (int i = 0; i < 10_000 && !rejected.isDone(); i++) {
                rig.endpoint.refused("Invalid auth token"); // which is only logged until the cut has been heard
                Thread.sleep(1);
            }
            assertTrue(rejected.isDone());
            var report = assertTimeout(Duration.ofSeconds(10), () -> rig.endpoint.shutdown(Duration.ofSeconds(30)));
            assertEquals(0, report.sessionsLeft());
            assertTrue(report.undelivered() > 0, "the session's end");
        }
    }

    @Test
    void aRefusedConnectionCountsAsARefusedToken() throws Exception {
        try (EndpointRig rig = new EndpointRig(1)) {
            rig.transport.reconnecting().refusing("Invalid authentication token");
            rig.endpoint.start();
            assertEquals(
                    "Invalid authentication token",
                    rig.endpoint.rejected().toCompletableFuture().get(10, TimeUnit.SECONDS));
        }
    }

    /** A server that is down, or a machine that is paused, learns of no token meanwhile. */
    @Test
    void theGracePeriodBeginsAnewWhereNoServerCouldBeReached() throws Exception {
        try (EndpointRig rig = new EndpointRig(1, OutboxLimits.DEFAULT, Duration.ofMillis(50))) {
            var rejected = rig.endpoint.rejected().toCompletableFuture();
            rig.endpoint.refused("Invalid auth token");
            rig.endpoint.unreachable("refused");
            rig.endpoint.unreachable("connection refused");
            assertThrows(TimeoutException.class, () -> rejected.get(100, TimeUnit.MILLISECONDS));
            rig.endpoint.refused("Invalid auth token");
            assertFalse(rejected.isDone());
            rig.endpoint.unreachable("refused");
            assertThrows(TimeoutException.class, () -> rejected.get(100, TimeUnit.MILLISECONDS));
            rig.endpoint.refused("Invalid auth token");
            assertTrue(rejected.isDone());
        }
    }

    @Test
    void anErrorThatDoesNotSpeakOfTheTokenIsNoRefusal() throws Exception {
        try (EndpointRig rig = new EndpointRig(1, OutboxLimits.DEFAULT, Duration.ZERO)) {
            rig.answering = false;
            rig.started();
            rig.transport.receive(new ServerCommand.ServerError("database is down"));
            rig.transport.arrived().take(EndpointEvent.Register.class, SOON);
            rig.transport.arrived().take(EndpointEvent.Register.class, SOON);
            assertFalse(rig.endpoint.rejected().toCompletableFuture().isDone());
        }
    }
}
