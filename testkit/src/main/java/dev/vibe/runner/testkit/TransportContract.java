package dev.vibe.runner.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.vibe.runner.application.port.in.ServerEvents;
import dev.vibe.runner.application.port.out.Link;
import dev.vibe.runner.application.port.out.NotConnectedException;
import dev.vibe.runner.domain.Capabilities;
import dev.vibe.runner.domain.Channel;
import dev.vibe.runner.domain.EndpointEvent;
import dev.vibe.runner.domain.EndpointId;
import dev.vibe.runner.domain.OutputLine;
import dev.vibe.runner.domain.ServerCommand;
import dev.vibe.runner.domain.SessionEvent;
import dev.vibe.runner.domain.SessionId;
import dev.vibe.runner.domain.UserMessage;
import dev.vibe.runner.protocol.EncodedEvent;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every transport promises; see {@code TransportPort}, {@code Link} and {@code ServerEvents}. */
public abstract class TransportContract {
    /** Longer than anything here takes on a busy machine. */
    protected static final Duration SOON = Duration.ofSeconds(20);

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final EndpointId ENDPOINT = new EndpointId("e2b-1");
    private static final SessionId SESSION = new SessionId("s1");
    private static final EndpointEvent REGISTER =
            new EndpointEvent.Register(ENDPOINT, new Capabilities(1, List.of()), Map.of());

    private final RecordedEvents events = new RecordedEvents();
    private @Nullable TransportRig created;

    /** A fresh transport and server. */
    protected abstract TransportRig newRig() throws Exception;

    private TransportRig rig() {
        if (created == null) {
            throw new IllegalStateException("no rig");
        }
        return created;
    }

    @BeforeEach
    void build() throws Exception {
        created = newRig();
    }

    @AfterEach
    void everyRuleWasKept() throws Exception {
        if (created == null) {
            return; // skipped, or its server did not start
        }
        rig().close();
        assertEquals(List.of(), events.offences().all());
    }

    @Test
    void eventsArriveInOrder() throws Exception {
        Link link = open();
        sendOutputs(link, 0, 2_000);
        confirm(link);
        assertEquals(range(0, 2_000), arrivedSeqs());
    }

    /** What is offered keeps its place among what is sent, and a flush or a barrier lets it go. */
    @Test
    void whatIsOfferedArrivesInItsPlace() throws Exception {
        Link link = open();
        confirm(link);
        for (int i = 0; i < 300; i += 3) {
            offerOrSend(link, i);
            offerOrSend(link, i + 1);
            if (i % 2 == 0) {
                link.flush();
            }
            sendOutputs(link, i + 2L, 1);
        }
        offerOrSend(link, 300);
        confirm(link);
        assertEquals(range(0, 301), arrivedSeqs());
        offerOrSend(link, 301);
        link.flush();
        long deadline = System.nanoTime() + SOON.toNanos();
        while (arrivedSeqs().size() < 302) {
            assertTrue(System.nanoTime() < deadline, "a flush lets nothing go");
            LockSupport.parkNanos(1_000_000);
        }
    }

    /** Whoever offers never waits, and what was refused was not sent. */
    @Test
    void anOfferIsRefusedRatherThanKeptWaiting() throws Exception {
        Link link = open();
        rig().stopReading();
        List<Long> taken = new ArrayList<>();
        String line = "\"" + "x".repeat(1_000) + "\"";
        int refused = 0;
        for (long seq = 0; seq < 20_000 && refused < 3; seq++) {
            if (link.offer(output(seq, line))) {
                taken.add(seq);
            } else {
                refused++;
            }
        }
        assertEquals(3, refused, "20 MB were taken by a server that reads nothing");
        link.flush();
        rig().startReading();
        confirm(link);
        assertEquals(taken, arrivedSeqs());
    }

    @Test
    void anOfferOnADeadLinkFails() throws Exception {
        Link link = open();
        rig().cut();
        events.awaitLoss(SOON);
        link.flush();
        try {
            assertFalse(link.offer(output(0, "{}")), "taken by a dead link");
        } catch (NotConnectedException expected) {
            // or this
        }
    }

    private static void offerOrSend(Link link, long seq) throws Exception {
        SessionEvent.Output event = output(seq, "{\"n\":" + seq + "}");
        if (!link.offer(event)) {
            link.send(event);
        }
    }

    @Test
    void aBarrierIsConfirmedOnlyWhenAllBeforeItHasArrived() throws Exception {
        Link link = open();
        for (int i = 0; i < 50; i++) {
            sendOutputs(link, i * 10L, 10);
            confirm(link);
            assertEquals((i + 1) * 10, arrivedSeqs().size());
        }
    }

    @Test
    void aBarrierWaitsForAServerThatDoesNotRead() throws Exception {
        Link link = open();
        rig().stopReading();
        sendOutputs(link, 0, 1);
        CompletableFuture<Void> barrier = link.barrier().toCompletableFuture();
        assertThrows(TimeoutException.class, () -> barrier.get(200, TimeUnit.MILLISECONDS));
        rig().startReading();
        barrier.get(SOON.toMillis(), TimeUnit.MILLISECONDS);
        assertEquals(List.of(0L), arrivedSeqs());
    }

    @Test
    void aBarrierIsConfirmedAfterTheCommandsThatCameBeforeItsAnswer() throws Exception {
        CompletableFuture<Void> release = new CompletableFuture<>();
        events.holdUp(release);
        Link link = open();
        rig().say("session:stop", "{\"sessionId\":\"a\"}");
        events.awaitCommand(ServerCommand.StopSession.class, SOON);
        CompletableFuture<Void> barrier = link.barrier().toCompletableFuture();
        try {
            assertThrows(TimeoutException.class, () -> barrier.get(300, TimeUnit.MILLISECONDS));
        } finally {
            release.complete(null);
        }
        barrier.get(SOON.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Test
    void manyBarriersAreAllConfirmed() throws Exception {
        Link link = open();
        List<CompletableFuture<Void>> barriers = new ArrayList<>();
        for (int i = 0; i < 5_000; i++) {
            sendOutputs(link, i, 1);
            barriers.add(link.barrier().toCompletableFuture());
        }
        for (CompletableFuture<Void> barrier : barriers) {
            barrier.get(SOON.toMillis(), TimeUnit.MILLISECONDS);
        }
        assertEquals(range(0, 5_000), arrivedSeqs());
    }

    @Test
    void aCutFailsBarriersAndSends() throws Exception {
        Link link = open();
        rig().swallow();
        sendOutputs(link, 0, 1);
        CompletableFuture<Void> barrier = link.barrier().toCompletableFuture();
        rig().cut();
        events.awaitLoss(SOON);
        assertNotConnected(barrier);
        assertThrows(NotConnectedException.class, () -> sendOutputs(link, 1, 1));
        assertNotConnected(link.barrier().toCompletableFuture());
    }

    @Test
    void aReconnectionGivesANewLinkAndTheOldOneStaysDead() throws Exception {
        Link first = open();
        rig().cut();
        events.awaitLoss(SOON);
        Link second = events.awaitLink(SOON);
        assertNotSame(first, second);
        assertThrows(NotConnectedException.class, () -> sendOutputs(first, 0, 1));
        sendOutputs(second, 7, 1);
        confirm(second);
        assertEquals(List.of(7L), arrivedSeqs());
    }

    @Test
    void aServerThatHangsUpIsHeardToItsEndAndFoundAgain() throws Exception {
        Link first = open();
        confirm(first);
        rig().say("session:stop", "{\"sessionId\":\"a\"}");
        rig().hangUp();
        events.awaitCommand(ServerCommand.StopSession.class, SOON);
        String reason = events.awaitLoss(SOON);
        assertTrue(reason.contains("the server closed the connection"), reason);
        assertThrows(NotConnectedException.class, () -> sendOutputs(first, 0, 1));
        Link second = events.awaitLink(SOON);
        sendOutputs(second, 7, 1);
        confirm(second);
        assertEquals(List.of(7L), arrivedSeqs());
        assertEquals(
                1, events.calls().all(RecordedEvents.Call.Disconnected.class).size());
    }

    /** A server that looks up the token first has no handlers meanwhile: the registration is lost without a word, and said again. */
    @Test
    void lateHandlersMissWhatCameBeforeThemAndNothingElse() throws Exception {
        rig().lateHandlers();
        Link link = open();
        link.send(REGISTER);
        rig().attachHandlers();
        link.send(REGISTER);
        sendOutputs(link, 0, 3);
        confirm(link);
        assertEquals(
                rig().earlyEventsWait() ? 2 : 1,
                rig().arrived().stream()
                        .filter(event -> event.name().equals("endpoint:register"))
                        .count());
        assertEquals(range(0, 3), arrivedSeqs());
        assertEquals(List.of(), events.calls().all(RecordedEvents.Call.Disconnected.class));
    }

    @Test
    void aDroppedLinkEndsAndANewOneComes() throws Exception {
        Link first = open();
        first.drop("of no more use");
        assertEquals("of no more use", events.awaitLoss(SOON));
        assertThrows(NotConnectedException.class, () -> sendOutputs(first, 0, 1));
        confirm(events.awaitLink(SOON));
        first.drop("again");
        assertEquals(
                1, events.calls().all(RecordedEvents.Call.Disconnected.class).size());
    }

    @Test
    void aRefusalIsReportedInTheServersWordsAndTriedAgain() throws Exception {
        rig().refuse("Invalid authentication token");
        rig().transport().open(events);
        RecordedEvents.Call.Refused refused = events.calls().take(RecordedEvents.Call.Refused.class, SOON);
        assertTrue(refused.reason().contains("Invalid authentication token"), refused.reason());
        rig().accept();
        confirm(events.awaitLink(SOON));
        assertEquals(
                List.of(), events.calls().all(RecordedEvents.Call.Disconnected.class), "it had never been connected");
    }

    @Test
    void commandsComeInOrderAndWhatNobodyKnowsOrCanReadDisturbsNothing() throws Exception {
        open();
        rig().say("no:such-event", "{\"a\":1}");
        rig().say("session:stop", "{\"nothing\":true}");
        rig().say("session:stop", "{\"sessionId\":\"a\"}");
        rig().say("message:send", "{\"sessionId\":\"b\",\"message\":\"" + "[".repeat(50_000) + "\"}");
        rig().say("message:send", "{\"sessionId\":\"c\",\"message\":" + "[".repeat(5_000) + "]".repeat(5_000) + "}");
        rig().say("session:stop", "{\"sessionId\":\"d\"}");
        assertEquals(
                "session:stop",
                events.awaitCommand(ServerCommand.Malformed.class, SOON).event());
        assertEquals(
                "a",
                events.awaitCommand(ServerCommand.StopSession.class, SOON)
                        .sessionId()
                        .value());
        assertEquals(
                "b",
                events.awaitCommand(ServerCommand.SendMessage.class, SOON)
                        .sessionId()
                        .value());
        assertEquals(
                new SessionId("c"),
                events.awaitCommand(ServerCommand.Malformed.class, SOON).sessionId(),
                "whose command is too deep gets an answer");
        assertEquals(
                "d",
                events.awaitCommand(ServerCommand.StopSession.class, SOON)
                        .sessionId()
                        .value());
    }

    @Test
    void everyCharacterPassesBothWays() throws Exception {
        String text = "äöü € 漢字 😀 \u2028\u2029 \u0000\u001b \"quoted\" \\ \t";
        Link link = open();
        link.send(new SessionEvent.Output(SESSION, ENDPOINT, 0, new OutputLine(Channel.STDOUT, text)));
        confirm(link);
        assertEquals(
                text,
                payload(rig().arrived().getLast())
                        .path("message")
                        .path("content")
                        .asText());
        rig().say("message:send", "{\"sessionId\":\"s1\",\"message\":" + JSON.writeValueAsString(text) + "}");
        assertEquals(
                new UserMessage.Text(text),
                events.awaitCommand(ServerCommand.SendMessage.class, SOON).message());
    }

    @Test
    void aLineTooLongForTheServerArrivesAsAMarker() throws Exception {
        Link link = open();
        link.send(output(0, "€".repeat(2_000_000)));
        sendOutputs(link, 1, 1);
        confirm(link);
        EncodedEvent marker = rig().arrived().getFirst();
        assertEquals(
                6_000_000,
                payload(marker).path("message").path("truncated").path("bytes").asInt(),
                marker::json);
        assertTrue(marker.json().getBytes(StandardCharsets.UTF_8).length <= rig().maxPayload());
        assertEquals(List.of(0L, 1L), arrivedSeqs());
        assertEquals(List.of(), events.calls().all(RecordedEvents.Call.Disconnected.class));
    }

    @Test
    void aLineOfExactlyTheHintedLengthArrivesWhole() throws Exception {
        Link link = open();
        String json = "\"" + "x".repeat(rig().transport().maxMessageBytes() - 2) + "\"";
        link.send(output(0, json));
        confirm(link);
        assertEquals(
                json.length() - 2,
                payload(rig().arrived().getFirst()).path("message").asText().length());
    }

    @Test
    void aFullLinkMakesTheSenderWaitAndThenEverythingArrives() throws Exception {
        int messages = 400; // of 100 kB: more than all buffers on the way hold
        Link link = open();
        rig().stopReading();
        AtomicInteger sent = new AtomicInteger();
        CompletableFuture<Void> sender = inBackground(() -> {
            for (int seq = 0; seq < messages; seq++) {
                link.send(output(seq, "y".repeat(100_000)));
                sent.incrementAndGet();
            }
        });
        awaitStandstill(sent);
        assertTrue(sent.get() < messages, "everything was buffered");
        rig().startReading();
        sender.get(SOON.toMillis(), TimeUnit.MILLISECONDS);
        confirm(link);
        assertEquals(range(0, messages), arrivedSeqs());
    }

    @Test
    void aWaitingSenderIsFreedByACutAndByAnInterrupt() throws Exception {
        Link link = open();
        rig().stopReading();
        AtomicInteger sent = new AtomicInteger();
        AtomicReference<@Nullable Thread> first = new AtomicReference<>();
        CompletableFuture<Void> interrupted = inBackground(() -> {
            first.set(Thread.currentThread());
            sendForEver(link, sent);
        });
        CompletableFuture<Void> cut = inBackground(() -> sendForEver(link, sent));
        awaitStandstill(sent);
        Thread thread = first.get();
        if (thread != null) {
            thread.interrupt();
        }
        assertInstanceOf(InterruptedException.class, failureOf(interrupted));
        rig().cut();
        assertInstanceOf(NotConnectedException.class, failureOf(cut));
        rig().heal();
    }

    @Test
    void aServerThatOwesAnAnswerForTooLongIsGivenUp() throws Exception {
        Link link = open();
        rig().swallow();
        sendOutputs(link, 0, 1);
        long begin = System.nanoTime();
        assertNotConnected(link.barrier().toCompletableFuture());
        events.awaitLoss(SOON);
        long millis = (System.nanoTime() - begin) / 1_000_000;
        assertTrue(millis >= TransportRig.PROBE_TIMEOUT_MS / 2, "given up after " + millis + " ms");
        assertTrue(millis < TransportRig.PROBE_TIMEOUT_MS * 3, "noticed only after " + millis + " ms");
        rig().heal();
        confirm(events.awaitLink(SOON));
    }

    @Test
    void aCallbackHoldsNoLockOfTheTransport() throws Exception {
        CompletableFuture<String> outcome = new CompletableFuture<>();
        rig().transport().open(new ServerEvents() {
            @Override
            public void connected(Link link) {
                try {
                    inBackground(() -> {
                                link.send(new EndpointEvent.Heartbeat(ENDPOINT));
                                var _ = link.barrier();
                                var _ = rig().transport().maxMessageBytes();
                            })
                            .get(10, TimeUnit.SECONDS);
                    outcome.complete("another thread could use the link");
                } catch (Exception failure) {
                    outcome.completeExceptionally(failure);
                }
            }

            @Override
            public void disconnected(String reason) {}

            @Override
            public void refused(String reason) {}

            @Override
            public void received(ServerCommand command) {}
        });
        assertEquals("another thread could use the link", outcome.get(SOON.toMillis(), TimeUnit.MILLISECONDS));
    }

    @Test
    void closingTwiceEndsTheLinkTheCallbacksAndTheThreads() throws Exception {
        Link link = open();
        assertTrue(Thread.getAllStackTraces().keySet().stream().anyMatch(rig()::owns), "no thread is recognised");
        rig().transport().close();
        rig().transport().close();
        int calls = events.calls().size();
        assertInstanceOf(
                RecordedEvents.Call.Disconnected.class, events.calls().all().getLast());
        assertThrows(NotConnectedException.class, () -> sendOutputs(link, 0, 1));
        assertNotConnected(link.barrier().toCompletableFuture());
        awaitNoThreads();
        assertEquals(calls, events.calls().size());
    }

    @Test
    void closingBeforeOpeningAndWhileRefusedLeavesNothing() throws Exception {
        rig().refuse("no");
        rig().transport().open(events);
        events.calls().take(RecordedEvents.Call.Refused.class, SOON);
        rig().transport().close();
        awaitNoThreads();
    }

    private Link open() throws InterruptedException {
        rig().transport().open(events);
        return events.awaitLink(SOON);
    }

    private List<Long> arrivedSeqs() throws InterruptedException {
        return rig().arrived().stream()
                .map(TransportContract::payload)
                .filter(payload -> payload.has("seq"))
                .map(payload -> payload.path("seq").longValue())
                .toList();
    }

    private void awaitNoThreads() throws InterruptedException {
        long deadline = System.nanoTime() + SOON.toNanos();
        List<String> left = List.of("unknown");
        while (!left.isEmpty() && System.nanoTime() < deadline) {
            left = Thread.getAllStackTraces().keySet().stream()
                    .filter(rig()::owns)
                    .map(Thread::getName)
                    .toList();
            LockSupport.parkNanos(10_000_000);
        }
        assertEquals(List.of(), left);
    }

    /** Waits until a counter has stood still for a while: there is no event for "nothing more happens". */
    private static void awaitStandstill(AtomicInteger counter) throws InterruptedException {
        int before = -1;
        while (counter.get() != before || before == 0) {
            before = counter.get();
            TimeUnit.MILLISECONDS.sleep(300);
        }
    }

    private static void sendForEver(Link link, AtomicInteger sent) throws Exception {
        while (true) {
            link.send(output(0, "y".repeat(100_000)));
            sent.incrementAndGet();
        }
    }

    private static void sendOutputs(Link link, long from, int count) throws Exception {
        for (long seq = from; seq < from + count; seq++) {
            link.send(output(seq, "{\"n\":" + seq + "}"));
        }
    }

    private static SessionEvent.Output output(long seq, String line) {
        return new SessionEvent.Output(SESSION, ENDPOINT, seq, new OutputLine(Channel.STDOUT, line));
    }

    private static void confirm(Link link) throws Exception {
        link.barrier().toCompletableFuture().get(SOON.toMillis(), TimeUnit.MILLISECONDS);
    }

    private static void assertNotConnected(CompletableFuture<Void> barrier) {
        assertInstanceOf(NotConnectedException.class, failureOf(barrier));
    }

    private static @Nullable Throwable failureOf(CompletableFuture<Void> future) {
        ExecutionException failure =
                assertThrows(ExecutionException.class, () -> future.get(SOON.toMillis(), TimeUnit.MILLISECONDS));
        assertFalse(future.isCancelled());
        return failure.getCause();
    }

    private static List<Long> range(long from, long to) {
        return java.util.stream.LongStream.range(from, to).boxed().toList();
    }

    private static JsonNode payload(EncodedEvent event) {
        try {
            return JSON.readTree(event.json());
        } catch (java.io.IOException invalid) {
            throw new AssertionError("not JSON: " + event.name(), invalid);
        }
    }

    private interface Task {
        void run() throws Exception;
    }

    private static CompletableFuture<Void> inBackground(Task task) {
        CompletableFuture<Void> outcome = new CompletableFuture<>();
        Thread thread = new Thread(
                () -> {
                    try {
                        task.run();
                        outcome.complete(null);
                    } catch (Throwable failure) {
                        outcome.completeExceptionally(failure);
                    }
                },
                "contract-sender");
        thread.setDaemon(true);
        thread.start();
        return outcome;
    }
}
