package dev.vibe.runner.adapter.socketio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.vibe.runner.application.port.out.Link;
import dev.vibe.runner.application.port.out.NotConnectedException;
import dev.vibe.runner.domain.AgentType;
import dev.vibe.runner.domain.Capabilities;
import dev.vibe.runner.domain.Channel;
import dev.vibe.runner.domain.EndpointEvent;
import dev.vibe.runner.domain.EndpointId;
import dev.vibe.runner.domain.OutputLine;
import dev.vibe.runner.domain.ServerCommand;
import dev.vibe.runner.domain.SessionEvent;
import dev.vibe.runner.domain.SessionId;
import dev.vibe.runner.domain.UserMessage;
import dev.vibe.runner.testkit.LinkFault;
import dev.vibe.runner.testkit.NodeServer;
import dev.vibe.runner.testkit.RecordedEvents;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What only Socket.IO has: its server's ways to end, refuse and disturb a connection. On the real server. */
class SocketIoTransportTest {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final EndpointId ENDPOINT = new EndpointId("e2b-1");
    private static final SessionId SESSION = new SessionId("s1");
    private static final EndpointEvent REGISTER =
            new EndpointEvent.Register(ENDPOINT, new Capabilities(1, List.of()), Map.of());

    private final RecordedEvents events = new RecordedEvents();
    private @Nullable SocketIoRig rig;

    @AfterEach
    void everyRuleWasKept() {
        if (rig != null) {
            rig.close();
        }
        assertEquals(List.of(), events.offences().all());
    }

    @Test
    void theServerSeesTokenAndClientTypeAndRegisters() throws Exception {
        SocketIoRig rig = rig(Map.of());
        Link link = events.awaitLink(SOON);
        var auth = rig.server.await("connected", SOON).path("auth");
        assertEquals(NodeServer.TOKEN, auth.path("token").asText());
        assertEquals("cloud-endpoint", auth.path("clientType").asText());
        link.send(REGISTER);
        assertEquals(
                ENDPOINT,
                events.awaitCommand(ServerCommand.Registered.class, SOON).endpointId());
    }

    @Test
    void aRestartWithACloseFrameIsNoticedAtOnce() throws Exception {
        SocketIoRig rig = rig(Map.of());
        events.awaitLink(SOON);
        long begin = System.nanoTime();
        rig.server.begin("restart", Map.of("downMs", 100));
        events.awaitLoss(SOON);
        long millis = (System.nanoTime() - begin) / 1_000_000;
        assertTrue(millis < 1_000, "noticed after " + millis + " ms");
        confirm(events.awaitLink(SOON));
    }

    @Test
    void aBareCloseFrameIsNoticedAtOnce() throws Exception {
        SocketIoRig rig = rig(Map.of());
        events.awaitLink(SOON);
        rig.server.run("closeFrame", Map.of("code", 1001));
        assertEquals("the server closed the connection, code 1001", events.awaitLoss(Duration.ofSeconds(2)));
        confirm(events.awaitLink(SOON));
    }

    @Test
    void aKickIsAnsweredWithANewConnection() throws Exception {
        SocketIoRig rig = rig(Map.of());
        for (boolean hard : List.of(false, true)) {
            events.awaitLink(SOON);
            rig.server.run("kick", Map.of("hard", hard));
            assertEquals("the server disconnected us", events.awaitLoss(SOON));
        }
        confirm(events.awaitLink(SOON));
    }

    @Test
    void aResetConnectionIsReplaced() throws Exception {
        SocketIoRig rig = rig(Map.of());
        events.awaitLink(SOON);
        rig.server.run("cut", Map.of("reset", true));
        events.awaitLoss(SOON);
        confirm(events.awaitLink(SOON));
    }

    @Test
    void anUnreachableServerIsNoRefusalAndTriedUntilItIsThere() throws Exception {
        SocketIoRig rig = rig(Map.of());
        events.awaitLink(SOON);
        rig.proxy.apply(new LinkFault.Refuse());
        events.awaitLoss(SOON);
        rig.proxy.apply(new LinkFault.Healthy());
        confirm(events.awaitLink(SOON));
        assertEquals(List.of(), events.calls().all(RecordedEvents.Call.Refused.class));
    }

    /** Whatever a server hangs on to an event, the rest of it is a command as any other. */
    @Test
    void anEventWithAnAttachmentIsTakenWithoutIt() throws Exception {
        SocketIoRig rig = rig(Map.of());
        events.awaitLink(SOON);
        rig.server.run(
                "emit",
                Map.of(
                        "name",
                        "session:start",
                        "payload",
                        Map.of("sessionId", "s1", "agentType", "claude", "initialMessage", "hi"),
                        "attach",
                        "icon",
                        "wantAck",
                        true));
        assertEquals(
                new ServerCommand.StartSession(SESSION, AgentType.CLAUDE, null, new UserMessage.Text("hi")),
                events.awaitCommand(ServerCommand.StartSession.class, SOON));
        rig.server.await("acked", SOON);
        rig.server.run(
                "emit", Map.of("name", "message:send", "payload", Map.of("sessionId", "s1"), "attach", "message"));
        ServerCommand.Malformed without = events.awaitCommand(ServerCommand.Malformed.class, SOON);
        assertEquals(new ServerCommand.Malformed("message:send", SESSION, "message is missing"), without);
        assertTrue(events.calls().all(RecordedEvents.Call.Disconnected.class).isEmpty());
    }

    @Test
    void aTokenTheServerDoesNotKnowYetIsAnErrorOnAnOpenConnection() throws Exception {
        rig(Map.of("rejectRegisters", 2));
        Link link = events.awaitLink(SOON);
        for (int i = 0; i < 2; i++) {
            link.send(REGISTER);
            assertEquals(
                    "Invalid auth token",
                    events.awaitCommand(ServerCommand.ServerError.class, SOON).message());
        }
        link.send(REGISTER);
        events.awaitCommand(ServerCommand.Registered.class, SOON);
    }

    @Test
    void aTokenTheServerDoesNotKnowYetMayCloseTheConnectionAfterItsError() throws Exception {
        rig(Map.of("rejectRegisters", 2, "rejectBy", "close"));
        for (int i = 0; i < 2; i++) {
            events.awaitLink(SOON).send(REGISTER);
            events.awaitCommand(ServerCommand.ServerError.class, SOON);
            events.awaitLoss(SOON);
        }
        events.awaitLink(SOON).send(REGISTER);
        events.awaitCommand(ServerCommand.Registered.class, SOON);
    }

    @Test
    void aRefusalByEventIsAConnectionWithAnErrorAndAnEnd() throws Exception {
        SocketIoRig rig = rig(Map.of("refuse", "event"));
        events.awaitLink(SOON);
        assertEquals(
                "Invalid authentication token",
                events.awaitCommand(ServerCommand.ServerError.class, SOON).message());
        events.awaitLoss(SOON);
        rig.accept();
        events.calls().take("a command", call -> call instanceof RecordedEvents.Call.Connected, SOON);
    }

    @ParameterizedTest
    @CsvSource({"http401, HTTP 401 Unauthorized", "http, HTTP 400 Invalid authentication token"})
    void anHttpRefusalIsReported(String how, String words) throws Exception {
        SocketIoRig rig = rig(Map.of("refuse", how));
        assertEquals(
                words,
                events.calls().take(RecordedEvents.Call.Refused.class, SOON).reason());
        rig.accept();
        confirm(events.awaitLink(SOON));
    }

    @Test
    void aGatewayWithoutItsServerIsNoRefusal() throws Exception {
        SocketIoRig rig = rig(Map.of("refuse", "http502"));
        rig.server.await("upgrade refused", SOON);
        rig.accept();
        confirm(events.awaitLink(SOON));
        assertEquals(List.of(), events.calls().all(RecordedEvents.Call.Refused.class));
    }

    @Test
    void hostileFramesAreIgnored() throws Exception {
        SocketIoRig rig = rig(Map.of());
        Link link = events.awaitLink(SOON);
        List<String> frames = List.of(
                "",
                " ",
                "4",
                "42",
                "42[",
                "42[]",
                "42[\"",
                "42[\"x",
                "42[\"session:stop\"",
                "42[\"session:stop\",",
                "42[\"session:stop\",]",
                "42[\"session:stop\",{\"sessionId\":]",
                "42{}",
                "42null",
                "42[1,2]",
                "42[null]",
                "42[[\"session:stop\"]]",
                "42999999999999999999[\"session:stop\",{}]",
                "42/,[\"a\"]",
                "42/other,[\"session:stop\",{}]",
                "43",
                "431[]",
                "43x",
                "44",
                "44{\"message\":\"late\"}",
                "44garbage",
                "40",
                "40{\"sid\":\"again\"}",
                "40garbage",
                "45",
                "451-[\"a\",{\"_placeholder\":true,\"num\":0}]",
                "46",
                "49",
                "4x",
                "3",
                "3probe",
                "5",
                "6",
                "7",
                "9",
                "x",
                "b4AAAA",
                "0",
                "0{",
                "0{}",
                "0{\"sid\":\"b\",\"upgrades\":[],\"pingInterval\":1,\"pingTimeout\":1,\"maxPayload\":5}",
                "\u0000",
                "2x",
                "42[\"\\u0073ession:stop\",{}]",
                "44/vibe-confirm-unknown,{}",
                "40/vibe-confirm-unknown,{}",
                "41/other,");
        for (String frame : frames) {
            rig.server.run("raw", Map.of("text", frame));
        }
        rig.server.run("rawBinary", Map.of("bytes", List.of(1, 2, 3)));
        rig.server.run("raw", Map.of("text", "[", "repeat", 3_000_000));
        rig.server.run("raw", Map.of("text", "42[\"session:stop\",", "repeat", 100_000));
        rig.server.run("raw", Map.of("text", "42[\"session:stop\"," + "[".repeat(900_000)));
        rig.server.emit("session:stop", Map.of("sessionId", "after"));
        events.calls()
                .take(
                        "the command after the garbage",
                        call -> call.equals(new RecordedEvents.Call.Received(
                                new ServerCommand.StopSession(new SessionId("after")))),
                        SOON);
        confirm(link);
        assertEquals(List.of(), events.calls().all(RecordedEvents.Call.Disconnected.class));
        assertEquals(List.of(), events.calls().all(RecordedEvents.Call.Refused.class));
        assertEquals(
                List.of("after"),
                events.calls().all(RecordedEvents.Call.Received.class).stream()
                        .map(RecordedEvents.Call.Received::command)
                        .filter(ServerCommand.StopSession.class::isInstance)
                        .map(command -> ((ServerCommand.StopSession) command)
                                .sessionId()
                                .value())
                        .toList());
    }

    @Test
    void aMessageThatNoMemoryWouldHoldEndsTheConnectionAndTheNextOneIsGood() throws Exception {
        SocketIoRig rig = rig(Map.of());
        events.awaitLink(SOON);
        rig.server.begin("raw", Map.of("text", "x".repeat(1_000_000), "repeat", 400));
        String reason = events.calls()
                .take(RecordedEvents.Call.Disconnected.class, SOON)
                .reason();
        assertTrue(reason.contains("more than " + IncomingLimit.MAX_BYTES + " bytes"), reason);
        confirm(events.awaitLink(SOON));
    }

    @Test
    void manyMessagesAreNotTakenForALongOne() throws Exception {
        SocketIoRig rig = rig(Map.of());
        Link link = events.awaitLink(SOON);
        for (int i = 0; i < 30; i++) {
            rig.server.run("raw", Map.of("text", "42[\"other\",\"" + "x".repeat(1_000_000) + "\"]"));
        }
        confirm(link);
    }

    @Test
    void aServerThatWouldCompressIsNotAskedTo() throws Exception {
        SocketIoRig rig = rig(Map.of("perMessageDeflate", true));
        events.awaitLink(SOON);
        rig.server.run("extensions");
        assertEquals("", rig.server.await("extensions", SOON).path("value").asText());
    }

    @Test
    void aCallbackTheServerAsksForIsAnswered() throws Exception {
        SocketIoRig rig = rig(Map.of());
        events.awaitLink(SOON);
        rig.server.run("emit", Map.of("name", "session:stop", "payload", Map.of("sessionId", "a"), "wantAck", true));
        assertEquals(
                "session:stop", rig.server.await("acked", SOON).path("name").asText());
        events.awaitCommand(ServerCommand.StopSession.class, SOON);
    }

    @Test
    void aServerThatLetsAnyoneIntoAnyNamespaceConfirmsToo() throws Exception {
        SocketIoRig rig = rig(Map.of("dynamic", true));
        Link link = events.awaitLink(SOON);
        for (int seq = 0; seq < 20; seq++) {
            link.send(output(seq, "{}"));
            confirm(link);
            assertEquals(seq + 1, rig.arrived().size());
        }
    }

    @Test
    void tenReconnectionsLeaveOneConnectionNoDoubledHandlerAndNoThread() throws Exception {
        SocketIoRig rig = rig(Map.of());
        events.awaitLink(SOON);
        for (int i = 0; i < 10; i++) {
            switch (i % 3) {
                case 0 -> rig.server.run("kick", Map.of("hard", false));
                case 1 -> rig.server.run("closeFrame");
                default -> rig.cut();
            }
            events.awaitLoss(SOON);
            confirm(events.awaitLink(SOON));
        }
        rig.server.emit("session:stop", Map.of("sessionId", "once"));
        events.awaitCommand(ServerCommand.StopSession.class, SOON);
        rig.server.emit("session:stop", Map.of("sessionId", "end"));
        events.awaitCommand(ServerCommand.StopSession.class, SOON);
        assertEquals(2, events.calls().all(RecordedEvents.Call.Received.class).size());
        rig.server.run("clients");
        assertEquals(1, rig.server.await("clients", SOON).path("count").asInt());
        List<String> threads = Thread.getAllStackTraces().keySet().stream()
                .filter(rig::owns)
                .map(Thread::getName)
                .toList();
        assertTrue(
                threads.size() <= 6,
                threads::toString); // loop, reader, heartbeat; some of the last connection's end late
    }

    @Test
    void aSlowServerIsGivenItsTimeThoughItsAnswerTakesLongerThanTheProbeTimeout() throws Exception {
        SocketIoRig rig = rig(Map.of());
        Link link = events.awaitLink(SOON);
        rig.proxy.apply(new LinkFault.Slow(2_000_000));
        int messages = 100; // of 100 kB: 5 s for a probe timeout of 1 s
        for (int seq = 0; seq < messages; seq++) {
            link.send(output(seq, "z".repeat(100_000)));
            var _ = link.barrier();
        }
        link.barrier().toCompletableFuture().get(30, TimeUnit.SECONDS);
        assertEquals(messages, rig.arrived().size());
        assertEquals(List.of(), events.calls().all(RecordedEvents.Call.Disconnected.class));
    }

    @Test
    void aVerySlowServerIsNeverSentMoreThanItCanConfirmInTime() throws Exception {
        SocketIoRig rig = new SocketIoRig(Map.of(), Duration.ofSeconds(2));
        this.rig = rig;
        rig.transport.open(events);
        Link link = events.awaitLink(SOON);
        rig.proxy.apply(new LinkFault.Slow(60_000));
        int messages = 400; // of 1 kB: 7 s for a probe timeout of 2 s, and the kernels' buffers take it all at once
        for (int seq = 0; seq < messages; seq++) {
            link.send(output(seq, "z".repeat(1_000)));
        }
        link.barrier().toCompletableFuture().get(30, TimeUnit.SECONDS);
        assertEquals(messages, rig.arrived().size());
        assertEquals(List.of(), events.calls().all(RecordedEvents.Call.Disconnected.class));
    }

    @Test
    void closingLeavesAsTheProtocolWantsItAndTakesNoTime() throws Exception {
        SocketIoRig rig = rig(Map.of());
        Link link = events.awaitLink(SOON);
        confirm(link);
        long begin = System.nanoTime();
        rig.transport.close();
        long millis = (System.nanoTime() - begin) / 1_000_000;
        assertEquals(
                "client namespace disconnect",
                rig.server.await("disconnected", SOON).path("reason").asText());
        assertTrue(millis < 250, "took " + millis + " ms"); // 300 ms is the wait for a server that does not answer
    }

    @Test
    void aServerThatPausesItsReadingConfirmsWhenItGoesOn() throws Exception {
        SocketIoRig rig = rig(Map.of());
        Link link = events.awaitLink(SOON);
        rig.server.run("pause");
        link.send(output(0, "{}"));
        CompletableFuture<Void> barrier = link.barrier().toCompletableFuture();
        assertThrows(TimeoutException.class, () -> barrier.get(200, TimeUnit.MILLISECONDS));
        rig.server.run("resume");
        barrier.get(SOON.toMillis(), TimeUnit.MILLISECONDS);
        assertEquals(1, rig.arrived().size());
    }

    @Test
    void aServerThatIsBusyForLongerThanTheProbeTimeoutIsGivenUpAndFoundAgain() throws Exception {
        SocketIoRig rig = rig(Map.of());
        Link link = events.awaitLink(SOON);
        rig.server.begin("hang", Map.of("ms", 3_000));
        rig.server.await("hanging", SOON);
        var _ = link.barrier();
        assertEquals("the server gave no answer for 1000 ms", events.awaitLoss(SOON));
        confirm(events.awaitLink(SOON));
    }

    @Test
    void theServersOwnLimitIsKept() throws Exception {
        SocketIoRig rig = rig(Map.of("maxHttpBufferSize", 20_000));
        Link link = events.awaitLink(SOON);
        assertTrue(rig.transport.maxMessageBytes() < 20_000);
        for (int length = 19_000; length < 21_000; length += 100) {
            link.send(output(length, "w".repeat(length)));
        }
        link.send(output(2_000_000, "v".repeat(2_000_000)));
        confirm(link);
        assertEquals(21, rig.arrived().size());
        assertEquals(List.of(), events.calls().all(RecordedEvents.Call.Disconnected.class));
    }

    @Test
    void aServerWhosePingsStopIsGivenUp() throws Exception {
        SocketIoRig rig = rig(Map.of("pingInterval", 200, "pingTimeout", 300));
        events.awaitLink(SOON);
        rig.swallow();
        assertEquals("the server pings no more", events.awaitLoss(SOON));
        rig.heal();
        confirm(events.awaitLink(SOON));
    }

    @Test
    void aServerThatPingsIsKept() throws Exception {
        SocketIoRig rig = rig(Map.of("pingInterval", 200, "pingTimeout", 300));
        Link link = events.awaitLink(SOON);
        rig.server.run("awaitPongs", Map.of("count", 10));
        confirm(link);
        assertEquals(List.of(), events.calls().all(RecordedEvents.Call.Disconnected.class));
    }

    @Test
    void aLinkThatSwallowsEverythingIsNoticedThoughLinesGoOnAndTheSocketTakesThem() throws Exception {
        SocketIoRig rig = rig(Map.of());
        Link link = events.awaitLink(SOON);
        confirm(link);
        rig.swallow();
        long begin = System.nanoTime();
        var _ = link.barrier();
        assertThrows(NotConnectedException.class, () -> {
            for (int seq = 0; seq < 50; seq++) {
                link.send(output(seq, "\"a line now and then\""));
                Thread.sleep(100); // the pace of an agent that works
            }
        });
        long millis = (System.nanoTime() - begin) / 1_000_000;
        assertTrue(millis < 3_000, "noticed after " + millis + " ms");
    }

    @Test
    void aSenderThatFindsTheWindowFullLearnsOfADeadLinkThoughItAskedForNoBarrier() throws Exception {
        SocketIoRig rig = rig(Map.of());
        Link link = events.awaitLink(SOON);
        confirm(link);
        rig.swallow();
        assertThrows(NotConnectedException.class, () -> {
            for (int seq = 0; seq < 30; seq++) {
                link.send(output(seq, "z".repeat(100_000)));
            }
        });
    }

    @Test
    void aServerThatSwallowsProbesIsAskedForCallbacksOnTheSameConnection() throws Exception {
        SocketIoRig rig = rig(Map.of("swallow", true));
        Link link = registered();
        for (int seq = 0; seq < 20; seq++) {
            link.send(output(seq, "{}"));
            confirm(link);
            assertEquals(seq + 1, outputs(rig));
        }
        assertEquals(List.of(), events.calls().all(RecordedEvents.Call.Disconnected.class));
        rig.cut();
        Link next = registered();
        long begin = System.nanoTime();
        confirm(next);
        assertTrue(System.nanoTime() - begin < 900_000_000L, "what was learned is kept");
    }

    @Test
    void aDeadLinkIsNoticedByCallbacksToo() throws Exception {
        SocketIoRig rig = rig(Map.of("swallow", true));
        Link link = registered();
        confirm(link);
        rig.swallow();
        var _ = link.barrier();
        assertEquals("the server gave no answer for 1000 ms", events.awaitLoss(SOON));
    }

    @Test
    void aServerThatTellsInNoWayIsNotLeft() throws Exception {
        SocketIoRig rig = rig(Map.of("swallow", true, "acks", false));
        Link link = registered();
        for (int seq = 0; seq < 100; seq++) {
            link.send(output(seq, "z".repeat(50_000)));
        }
        confirm(link);
        for (int seq = 100; seq < 110; seq++) {
            link.send(output(seq, "{}"));
            confirm(link);
        }
        rig.server.awaitCount("s1", 110, SOON);
        assertEquals(List.of(), events.calls().all(RecordedEvents.Call.Disconnected.class));
    }

    /** What was written counts as arrived there, though the network may be full of it. */
    @Test
    void aServerThatTellsInNoWayAndReadsNoMoreKeepsNoOfferWaiting() throws Exception {
        SocketIoRig rig = rig(Map.of("swallow", true, "acks", false));
        Link link = registered();
        confirm(link);
        rig.stopReading();
        String line = "z".repeat(60_000); // so little that it would be written by whoever flushes
        assertTimeoutPreemptively(Duration.ofSeconds(60), () -> {
            long seq = 0;
            do {
                assertTrue(link.offer(output(seq++, line)), "all before it was written");
                link.flush();
                assertTrue(seq < 2_000, "120 MB were taken by a server that reads nothing");
            } while (confirmedWithin(link, Duration.ofMillis(600))); // less than the probe's timeout
        });
    }

    private static boolean confirmedWithin(Link link, Duration time) throws Exception {
        try {
            link.barrier().toCompletableFuture().get(time.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException late) {
            return false;
        }
    }

    @Test
    void aServerThatAnswersProbesAgainIsProbedAgain() throws Exception {
        SocketIoRig rig = rig(Map.of("swallow", true, "acks", false));
        confirm(registered());
        rig.server.run("set", Map.of("options", Map.of("swallow", false)));
        rig.cut();
        Link link = registered();
        confirm(link);
        rig.swallow();
        var _ = link.barrier();
        assertEquals("the server gave no answer for 1000 ms", lossAfterTheCut());
    }

    @Test
    void aPauseOfThisMachineIsFollowedByAQuickQuestion() throws Exception {
        SocketIoRig rig = new SocketIoRig(Map.of(), Duration.ofSeconds(30));
        this.rig = rig;
        rig.transport.open(events);
        confirm(events.awaitLink(SOON));
        rig.wallAhead.set(60_000);
        rig.server.emit("session:stop", Map.of("sessionId", "a"));
        events.awaitCommand(ServerCommand.StopSession.class, SOON);
        rig.swallow();
        long begin = System.nanoTime();
        rig.wallAhead.set(3_600_000);
        events.awaitLoss(SOON);
        long millis = (System.nanoTime() - begin) / 1_000_000;
        assertTrue(millis < 3_500, "noticed after " + millis + " ms");
        assertEquals(
                1,
                events.calls().all(RecordedEvents.Call.Disconnected.class).size(),
                "a live link survived the first pause");
        rig.heal();
        confirm(events.awaitLink(SOON));
    }

    private String lossAfterTheCut() throws InterruptedException {
        events.awaitLoss(SOON);
        return events.calls().all(RecordedEvents.Call.Disconnected.class).size() == 2
                ? events.calls()
                        .all(RecordedEvents.Call.Disconnected.class)
                        .getLast()
                        .reason()
                : events.awaitLoss(SOON);
    }

    private Link registered() throws Exception {
        Link link = events.awaitLink(SOON);
        link.send(REGISTER);
        events.awaitCommand(ServerCommand.Registered.class, SOON);
        return link;
    }

    private static long outputs(SocketIoRig rig) throws InterruptedException {
        return rig.arrived().stream()
                .filter(event -> event.name().equals("message:from-claude"))
                .count();
    }

    private SocketIoRig rig(Map<String, ?> options) throws InterruptedException {
        SocketIoRig created = new SocketIoRig(options);
        rig = created;
        created.transport.open(events);
        return created;
    }

    private static SessionEvent.Output output(long seq, String line) {
        return new SessionEvent.Output(SESSION, ENDPOINT, seq, new OutputLine(Channel.STDOUT, line));
    }

    private static void confirm(Link link) throws Exception {
        link.barrier().toCompletableFuture().get(SOON.toMillis(), TimeUnit.MILLISECONDS);
    }
}
