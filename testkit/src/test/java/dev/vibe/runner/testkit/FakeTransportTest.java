package dev.vibe.runner.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.vibe.runner.application.port.in.ServerEvents;
import dev.vibe.runner.application.port.out.Link;
import dev.vibe.runner.application.port.out.NotConnectedException;
import dev.vibe.runner.domain.EndpointEvent;
import dev.vibe.runner.domain.EndpointId;
import dev.vibe.runner.domain.ServerCommand;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class FakeTransportTest {
    private static final Duration SOON = Duration.ofSeconds(5);
    private static final EndpointEvent BEAT = new EndpointEvent.Heartbeat(new EndpointId("e"));

    private final EventLog<String> calls = new EventLog<>("calls");
    private final EventLog<Link> links = new EventLog<>("links");
    private final ServerEvents events = new ServerEvents() {
        @Override
        public void connected(Link link) {
            calls.add("connected");
            links.add(link);
        }

        @Override
        public void disconnected(String reason) {
            calls.add("disconnected " + reason);
        }

        @Override
        public void refused(String reason) {
            calls.add("refused " + reason);
        }

        @Override
        public void received(ServerCommand command) {
            calls.add("received " + command);
        }
    };

    @Test
    void whatTheServerDidNotReadIsLostWithTheConnection() throws Exception {
        try (FakeTransport transport = new FakeTransport()) {
            transport.open(events);
            Link link = links.take(SOON);
            link.send(BEAT);
            transport.stopReading();
            link.send(BEAT);
            CompletableFuture<Void> barrier = link.barrier().toCompletableFuture();
            transport.cut("cut");
            ExecutionException failure = assertThrows(ExecutionException.class, () -> barrier.get(5, TimeUnit.SECONDS));
            assertTrue(failure.getCause() instanceof NotConnectedException, failure::toString);
            calls.take("disconnected cut", "disconnected cut"::equals, SOON);
            assertEquals(List.of(BEAT), transport.arrived().all());
            assertThrows(NotConnectedException.class, () -> link.send(BEAT));
        }
    }

    @Test
    void aHeldBarrierIsAnsweredLaterThoughWhatWasSentArrived() throws Exception {
        try (FakeTransport transport = new FakeTransport()) {
            transport.open(events);
            Link link = links.take(SOON);
            transport.holdBarriers();
            CompletableFuture<Void> barrier = link.barrier().toCompletableFuture();
            link.send(BEAT);
            assertEquals(1, transport.arrived().size());
            assertFalse(barrier.isDone());
            transport.answerBarriers();
            barrier.get(5, TimeUnit.SECONDS);
        }
    }

    @Test
    void aRefusalIsReportedInsteadOfAConnection() throws Exception {
        try (FakeTransport transport = new FakeTransport().reconnecting()) {
            transport.refusing("bad token");
            transport.open(events);
            calls.take("refused bad token", "refused bad token"::equals, SOON);
            transport.refusing(null);
            calls.take("connected", "connected"::equals, SOON);
        }
        assertEquals("disconnected closed by the runner", calls.all().getLast());
    }
}
