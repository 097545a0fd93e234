package dev.vibe.runner.adapter.websocket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.vibe.runner.application.port.in.ServerEvents;
import dev.vibe.runner.application.port.out.Link;
import dev.vibe.runner.domain.Capabilities;
import dev.vibe.runner.domain.Channel;
import dev.vibe.runner.domain.EndpointEvent;
import dev.vibe.runner.domain.EndpointId;
import dev.vibe.runner.domain.OutputLine;
import dev.vibe.runner.domain.ServerCommand;
import dev.vibe.runner.domain.SessionEvent;
import dev.vibe.runner.domain.SessionId;
import dev.vibe.runner.protocol.CommandDecoder;
import dev.vibe.runner.protocol.EventEncoder;
import dev.vibe.runner.testkit.RecordedEvents;
import dev.vibe.runner.transport.LinkTiming;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is peculiar to plain WebSocket; the rest is in the contract. */
@Timeout(60)
class WebSocketTransportTest {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final EndpointId ENDPOINT = new EndpointId("e-1");
    private static final SessionId SESSION = new SessionId("s1");

    private final RecordedEvents events = new RecordedEvents();
    private @Nullable WebSocketRig rig;

    @AfterEach
    void close() {
        if (rig != null) {
            rig.close();
        }
    }

    private WebSocketRig rig(Map<String, ?> options) throws Exception {
        WebSocketRig made = new WebSocketRig(options);
        rig = made;
        made.transport.open(events);
        return made;
    }

    private static void register(Link link) throws Exception {
        link.send(new EndpointEvent.Register(ENDPOINT, new Capabilities(1, List.of()), Map.of()));
    }

    private static void output(Link link, long from, int count) throws Exception {
        for (long seq = from; seq < from + count; seq++) {
            link.send(new SessionEvent.Output(
                    SESSION, ENDPOINT, seq, new OutputLine(Channel.STDOUT, "{\"i\":" + seq + "}")));
        }
    }

    private static void confirm(Link link) throws Exception {
        link.barrier().toCompletableFuture().get(SOON.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Test
    void whatTheServerSaysItHasIsNotSentAgain() throws Exception {
        WebSocketRig rig = rig(Map.of());
        Link first = events.awaitLink(SOON);
        register(first);
        output(first, 0, 10);
        confirm(first);
        rig.cut();
        Link second = events.awaitLink(SOON);
        register(second);
        events.awaitCommand(ServerCommand.Registered.class, SOON);
        output(second, 5, 10);
        confirm(second);
        JsonNode counts = rig.server.counts("s1");
        assertEquals(0, counts.path("repeats").asInt(), counts::toString);
        assertEquals(0, counts.path("gaps").asInt(), counts::toString);
        assertEquals(15, counts.path("count").asInt(), counts::toString);
    }

    @Test
    void withoutSuchAnAnswerAllIsSentAgain() throws Exception {
        WebSocketRig rig = rig(Map.of("resume", false));
        Link first = events.awaitLink(SOON);
        register(first);
        output(first, 0, 10);
        confirm(first);
        rig.cut();
        Link second = events.awaitLink(SOON);
        register(second);
        output(second, 0, 10);
        confirm(second);
        assertEquals(10, rig.server.counts("s1").path("repeats").asInt());
    }

    @Test
    void commandsAreAcknowledgedInOrder() throws Exception {
        WebSocketRig rig = rig(Map.of());
        events.awaitLink(SOON);
        for (int i = 0; i < 5; i++) {
            rig.server.emit("session:stop", Map.of("sessionId", "s" + i));
        }
        rig.server
                .reports()
                .take(
                        "acknowledgement of 5",
                        report -> report.path("is").asText().equals("acknowledged")
                                && report.path("count").asInt() == 5,
                        SOON);
    }

    @Test
    void aServerThatAcknowledgesNothingIsGivenUp() throws Exception {
        rig(Map.of("swallow", true));
        Link link = events.awaitLink(SOON);
        output(link, 0, 1);
        var failure = assertThrows(ExecutionException.class, () -> confirm(link));
        assertTrue(String.valueOf(failure.getMessage()).contains("gave no answer"), failure::toString);
    }

    @Test
    void aServerThatAcknowledgesWhatWasNeverSentBreaksTheProtocol() throws Exception {
        WebSocketRig rig = rig(Map.of());
        events.awaitLink(SOON);
        rig.server.run("raw", Map.of("text", "{\"ack\":1}"));
        assertTrue(events.awaitLoss(SOON).contains("more than was sent"));
        String left = rig.server.await("disconnected", SOON).path("reason").asText();
        assertEquals("closed with 4400", left);
        events.awaitLink(SOON);
    }

    @Test
    void aCommandThatIsTooDeepOrTooLongNamesItsSession() throws Exception {
        WebSocketRig rig = rig(Map.of());
        events.awaitLink(SOON);
        String begin = "{\"event\":\"session:start\",\"data\":{\"sessionId\":\"s1\",\"initialMessage\":";
        rig.server.run("raw", Map.of("text", begin + "[".repeat(200_000) + "]".repeat(200_000) + "}}"));
        assertEquals(
                SESSION,
                events.awaitCommand(ServerCommand.Malformed.class, SOON).sessionId());
        rig.server.run("raw", Map.of("text", begin + "\"" + "x".repeat(9_000_000) + "\"}}"));
        assertEquals(
                SESSION,
                events.awaitCommand(ServerCommand.Malformed.class, SOON).sessionId());
        assertFalse(events.calls().all().stream().anyMatch(RecordedEvents.Call.Disconnected.class::isInstance));
    }

    @Test
    void theServersOwnLimitHolds() throws Exception {
        WebSocketRig rig = rig(Map.of("maxHttpBufferSize", 20_000));
        Link link = events.awaitLink(SOON);
        register(link); // the server's limit comes before its answer
        events.awaitCommand(ServerCommand.Registered.class, SOON);
        link.send(new SessionEvent.Output(
                SESSION, ENDPOINT, 0, new OutputLine(Channel.STDOUT, "\"" + "x".repeat(30_000) + "\"")));
        confirm(link);
        assertTrue(rig.arrived().getLast().json().contains("truncated"));
        assertTrue(rig.transport.maxMessageBytes() < 20_000);
        assertFalse(events.calls().all().stream().anyMatch(RecordedEvents.Call.Disconnected.class::isInstance));
    }

    @Test
    void aRefusalOnAnOpenConnectionIsTheServersErrorEvent() throws Exception {
        rig(Map.of("refuse", "event", "refusal", "Invalid auth token"));
        events.awaitLink(SOON);
        var error = events.awaitCommand(ServerCommand.ServerError.class, SOON);
        assertTrue(error.toString().contains("Invalid auth token"), error::toString);
        events.awaitLoss(SOON);
    }

    /** A vibe-server hangs up, or knows no such page, where it has nothing but Socket.IO. */
    @ParameterizedTest
    @ValueSource(strings = {"", "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"})
    void aServerThatMaySpeakSocketIoInsteadIsHintedAt(String answer) throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                WebSocketTransport transport = new WebSocketTransport(
                        WebSocketSettings.of(URI.create("ws://127.0.0.1:" + server.getLocalPort()), "t"),
                        new EventEncoder("cloud-e2b", "t"),
                        new CommandDecoder())) {
            CompletableFuture<String> reason = new CompletableFuture<>();
            transport.open(new Unreached(reason));
            Thread _ = Thread.ofPlatform().daemon().start(() -> answer(server, answer));
            String said = reason.get(SOON.toMillis(), TimeUnit.MILLISECONDS);
            assertTrue(said.contains("VIBE_TRANSPORT=socketio"), said);
        }
    }

    /** The JDK reads a refusal to its end, and gives it all the time in the world. */
    @Test
    void aRefusalThatNeverEndsEndsWithItsAttempt() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 9, InetAddress.getLoopbackAddress());
                WebSocketTransport transport = new WebSocketTransport(
                        WebSocketSettings.of(URI.create("ws://127.0.0.1:" + server.getLocalPort()), "t")
                                .withTiming(new LinkTiming(
                                        Duration.ofMillis(20),
                                        Duration.ofMillis(200),
                                        Duration.ofMillis(300),
                                        Duration.ofSeconds(5))),
                        new EventEncoder("cloud-e2b", "t"),
                        new CommandDecoder())) {
            CompletableFuture<String> reason = new CompletableFuture<>();
            transport.open(new Unreached(reason));
            try (Socket visitor = server.accept()) {
                visitor.setSoTimeout((int) SOON.toMillis());
                visitor.getOutputStream()
                        .write("HTTP/1.1 503 Busy\r\nContent-Length: 100\r\n\r\nso"
                                .getBytes(StandardCharsets.US_ASCII));
                assertTrue(reason.get(SOON.toMillis(), TimeUnit.MILLISECONDS).contains("no connection within 300 ms"));
                try {
                    long request = visitor.getInputStream().transferTo(OutputStream.nullOutputStream());
                    assertTrue(request > 0);
                } catch (SocketTimeoutException open) {
                    throw new AssertionError("the connection stays open", open);
                } catch (SocketException reset) {
                    assertTrue(visitor.isConnected(), "a reset is an end, too");
                }
            }
        }
    }

    @Test
    void ofALongRefusalTheBeginningIsSaidAndThatItIsOne() throws Exception {
        rig(Map.of("refuse", "middleware", "refusal", "Invalid auth token " + "x".repeat(1_000)));
        String reason =
                events.calls().take(RecordedEvents.Call.Refused.class, SOON).reason();
        assertTrue(reason.matches("HTTP 401 Invalid auth token x{281}\\.\\.\\."), reason);
    }

    /** Each visitor, since the JDK's client comes again by itself. */
    private static void answer(ServerSocket server, String answer) {
        while (!server.isClosed()) {
            try (Socket visitor = server.accept()) {
                var in = new InputStreamReader(visitor.getInputStream(), StandardCharsets.US_ASCII);
                BufferedReader head = new BufferedReader(in);
                for (String line = head.readLine(); line != null && !line.isEmpty(); line = head.readLine()) {
                    assertFalse(line.isBlank());
                }
                visitor.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
            } catch (IOException over) {
                assertTrue(server.isClosed(), over::toString);
            }
        }
    }

    private record Unreached(CompletableFuture<String> why) implements ServerEvents {
        @Override
        public void connected(Link link) {
            throw new AssertionError("there is no connection");
        }

        @Override
        public void disconnected(String reason) {
            throw new AssertionError("there was no connection");
        }

        @Override
        public void refused(String reason) {
            throw new AssertionError("that was no refusal");
        }

        @Override
        public void unreachable(String reason) {
            why.complete(reason);
        }

        @Override
        public void received(ServerCommand command) {
            throw new AssertionError("there is no connection");
        }
    }

    @Test
    void aServerThatIsNotThereYetIsNoRefusal() throws Exception {
        WebSocketRig rig = rig(Map.of("refuse", "http502"));
        rig.server.await("upgrade refused", SOON);
        rig.server.await("upgrade refused", SOON);
        rig.accept();
        events.awaitLink(SOON);
        assertFalse(events.calls().all().stream().anyMatch(RecordedEvents.Call.Refused.class::isInstance));
    }

    @Test
    void aCloseFrameIsNoticedAtOnceAndAnsweredByANewConnection() throws Exception {
        WebSocketRig rig = rig(Map.of());
        events.awaitLink(SOON);
        rig.server.run("closeFrame", Map.of("code", 1001));
        assertTrue(events.awaitLoss(SOON).contains("1001"));
        events.awaitLink(SOON);
    }

    @Test
    void afterAPauseOfThisMachineADeadLinkIsNoticedSoon() throws Exception {
        WebSocketRig made = new WebSocketRig(Map.of(), Duration.ofSeconds(30));
        rig = made;
        made.transport.open(events);
        events.awaitLink(SOON);
        made.swallow();
        made.wallAhead.addAndGet(3_600_000);
        assertTrue(events.awaitLoss(SOON).contains("no answer"));
    }

    @Test
    void afterAPauseALinkThatStillStandsIsKept() throws Exception {
        WebSocketRig made = rig(Map.of());
        Link link = events.awaitLink(SOON);
        made.wallAhead.addAndGet(3_600_000);
        long end = System.nanoTime() + Duration.ofSeconds(3).toNanos();
        while (System.nanoTime() < end) {
            confirm(link);
            java.util.concurrent.locks.LockSupport.parkNanos(50_000_000);
        }
        assertFalse(events.calls().all().stream().anyMatch(RecordedEvents.Call.Disconnected.class::isInstance));
    }

    @Test
    void aMessageBeyondAllBoundsEndsTheConnectionAndNotTheRunner() throws Exception {
        WebSocketRig made = rig(Map.of());
        events.awaitLink(SOON);
        made.server.run("raw", Map.of("text", "x".repeat(1_000), "repeat", 11_000));
        assertTrue(events.awaitLoss(SOON).contains("more than"));
        events.awaitLink(SOON);
    }
}
