package dev.vibe.runner.application;

import static dev.vibe.runner.application.EndpointRig.SOON;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.vibe.runner.application.port.in.ShutdownReport;
import dev.vibe.runner.application.port.out.Outbox;
import dev.vibe.runner.domain.EndpointEvent;
import dev.vibe.runner.domain.SessionEvent;
import dev.vibe.runner.domain.SessionId;
import dev.vibe.runner.testkit.FakeAgent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class DeliveryTest {

    @Test
    void cutsLoseNothingAndKeepTheOrder() throws Exception {
        Random random = new Random(3);
        try (EndpointRig rig = new EndpointRig(1, new OutboxLimits(4_000, 8_000), SOON)) {
            rig.transport.reconnecting().withCapacity(8);
            rig.started();
            FakeAgent agent = rig.session("s1").withPipeOf(16);
            for (int i = 0; i < 2_000; i++) {
                agent.says("line " + i);
                if (random.nextInt(100) == 0) {
                    rig.transport.cut("test " + i);
                }
            }
            agent.exits(0);
            rig.next("s1", SessionEvent.Ended.class);
            List<SessionEvent.Output> outputs = rig.of("s1").stream()
                    .filter(SessionEvent.Output.class::isInstance)
                    .map(SessionEvent.Output.class::cast)
                    .toList();
            TreeSet<Long> seen = new TreeSet<>();
            for (SessionEvent.Output output : outputs) {
                assertEquals("line " + output.seq(), output.line().text());
                assertTrue(
                        seen.isEmpty() || output.seq() <= seen.last() + 1,
                        () -> output.seq() + " came before " + (seen.last() + 1));
                seen.add(output.seq());
            }
            assertEquals(2_000, seen.size());
        }
    }

    @Test
    void whatIsNotConfirmedIsSentAgainInOrder() throws Exception {
        try (EndpointRig rig = new EndpointRig(1).started()) {
            FakeAgent agent = rig.session("s1");
            assertTrue(rig.outbox.awaitEmpty(SOON));
            rig.transport.holdBarriers();
            for (int i = 0; i < 5; i++) {
                agent.says("line " + i);
                rig.next("s1", SessionEvent.Output.class);
            }
            rig.transport.cut("test");
            rig.transport.connect();
            for (int i = 0; i < 5; i++) {
                assertEquals(i, rig.next("s1", SessionEvent.Output.class).seq());
            }
            assertTrue(rig.outbox.awaitEmpty(SOON));
        }
    }

    @Test
    void anIdleEndpointHoldsNothing() throws Exception {
        try (EndpointRig rig = new EndpointRig(1).started()) {
            rig.session("s1").says("x");
            rig.next("s1", SessionEvent.Output.class);
            assertTrue(rig.outbox.awaitEmpty(SOON));
            assertEquals(0, rig.outbox.size());
        }
    }

    @Test
    void anAgentIsSlowedDownWhileTheServerDoesNotRead() throws Exception {
        OutboxLimits limits = new OutboxLimits(5_000, 10_000);
        try (EndpointRig rig = new EndpointRig(1, limits, SOON)) {
            rig.started();
            FakeAgent agent = rig.session("s1").withPipeOf(5);
            rig.transport.cut("for long");
            Thread writer = Thread.ofVirtual().start(() -> {
                try {
                    for (int i = 0; i < 500; i++) {
                        agent.says("y".repeat(300));
                    }
                } catch (InterruptedException over) {
                    Thread.currentThread().interrupt();
                }
            });
            assertFalse(writer.join(Duration.ofMillis(300)), "500 lines of 300 fit nowhere");
            assertTrue(rig.outbox.size() < 50, () -> rig.outbox.size() + " events are held");
            rig.transport.connect();
            assertTrue(writer.join(SOON));
            agent.exits(0);
            rig.next("s1", SessionEvent.Ended.class);
            assertEquals(500, rig.texts("s1").size());
        }
    }

    @Test
    void sessionsTakeTurns() throws Exception {
        FairOutbox outbox = new FairOutbox(new MemorySpool(1_000_000), OutboxLimits.DEFAULT);
        for (int i = 0; i < 100; i++) {
            outbox.append(Outputs.of("loud", i));
        }
        outbox.append(Outputs.of("quiet", 0));
        List<String> order = IntStream.range(0, 3)
                .mapToObj(_ -> Outputs.take(outbox).event().sessionId().value())
                .toList();
        assertEquals(List.of("loud", "quiet", "loud"), order);
    }

    @Test
    void shutdownDeliversEndsUnregistersAndCloses() throws Exception {
        EndpointRig rig = new EndpointRig(2).started();
        FakeAgent one = rig.session("s1");
        rig.session("s2");
        one.says("last words");
        rig.next("s1", SessionEvent.Output.class);
        ShutdownReport report = rig.endpoint.shutdown(SOON);
        assertTrue(report.clean() && report.unregistered(), report.toString());
        assertEquals(2, report.sessionsEnded());
        for (String id : List.of("s1", "s2")) {
            SessionEvent last = rig.of(id).getLast();
            assertTrue(
                    last instanceof SessionEvent.Ended ended && ended.reason().equals("shutdown"), last.toString());
        }
        List<EndpointEvent> all = rig.transport.arrived().all().stream()
                .filter(event -> !(event instanceof EndpointEvent.Heartbeat))
                .toList();
        assertTrue(
                all.getLast() instanceof EndpointEvent.Unregister, all.getLast().toString());
        assertTrue(rig.transport.closed());
        assertEquals(report, rig.endpoint.shutdown(SOON));
    }

    @Test
    void shutdownKeepsItsDeadlineWhateverTheAgentsDo() throws Exception {
        EndpointRig rig = new EndpointRig(2).started();
        rig.session("s1").ignoringStop();
        rig.session("s2").ignoringEverything();
        long begin = System.nanoTime();
        ShutdownReport report = rig.endpoint.shutdown(Duration.ofSeconds(1));
        assertTrue(Duration.ofNanos(System.nanoTime() - begin).toMillis() < 3_000);
        assertEquals(1, report.sessionsEnded());
        assertEquals(1, report.sessionsLeft());
    }

    /** Its thread waited for room for ever, and for the next process it was one that had run when this one died. */
    @Test
    @Timeout(30)
    void aSessionThatWaitsForRoomHasItsEndInAShutdown() throws Exception {
        EndpointRig rig = new EndpointRig(1, new OutboxLimits(4_000, 8_000), SOON).started();
        FakeAgent agent = rig.session("s1").withPipeOf(4);
        rig.transport.cut("test");
        Thread talking = Thread.ofVirtual()
                .start(() -> assertThrows(IllegalStateException.class, () -> {
                    while (true) {
                        agent.says("on and on");
                    }
                }));
        while (rig.outbox.hasRoom(new SessionId("s1"))) {
            Thread.onSpinWait();
        }
        agent.awaitBlocked();
        ShutdownReport report = rig.endpoint.shutdown(Duration.ofSeconds(2));
        talking.interrupt();

        assertEquals(0, report.sessionsLeft());
        List<SessionEvent> kept = new ArrayList<>();
        for (Outbox.Parcel next = rig.outbox.poll(); next != null; next = rig.outbox.poll()) {
            kept.add(next.event());
            rig.outbox.confirm(next.ordinal());
        }
        SessionEvent last = kept.getLast();
        assertTrue(last instanceof SessionEvent.Ended ended && ended.reason().equals("shutdown"), last.toString());
    }

    @Test
    void noSessionStartsDuringShutdown() throws Exception {
        EndpointRig rig = new EndpointRig(2).started();
        FakeAgent agent = rig.session("s1").ignoringStop();
        Thread shutdown = Thread.ofVirtual().start(() -> rig.endpoint.shutdown(SOON));
        agent.deeds().take(FakeAgent.Deed.Stopped.class, SOON);
        rig.start("s2", null);
        assertTrue(rig.next("s2", SessionEvent.Failed.class).error().contains("shutting down"));
        agent.exits(0);
        assertTrue(shutdown.join(SOON));
    }
}
