package dev.vibe.runner.localserver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.vibe.runner.protocol.EventNames;
import dev.vibe.runner.testkit.EventLog;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who gets in where runners do. */
@Timeout(60)
class DoorTest {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final EventLog<String> RECEIVED = new EventLog<>("events at the local server");
    private static LocalServer server;

    @BeforeAll
    static void start() throws IOException {
        ServerOptions options = new ServerOptions(0, "runner-token", "console-token");
        server = LocalServer.start(options, Tokens.only("runner-token"), new HubListener() {
            @Override
            public void received(String event, JsonNode payload) {
                RECEIVED.add(event + " " + payload.path("n").asText());
            }
        });
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @ParameterizedTest
    @CsvSource({
        "/v1/updates/?EIO=4&transport=websocket,        127.0.0.1,                     101",
        "/v1/updates/?EIO=4&transport=websocket,        LOCALHOST,                     101",
        "/v1/updates/?EIO=3&transport=websocket,        127.0.0.1,                     400",
        "/v1/updates/?transport=websocket,              127.0.0.1,                     400",
        "/v1/updates/?EIO=3&EIO=4&transport=websocket,  127.0.0.1,                     400",
        "/v1/updates/?EIO=4&EIO=3&transport=websocket,  127.0.0.1,                     400",
        "/v1/updates/?EIO=4&transport=websocket,        evil.example,                  403",
        "/v1/updates/?EIO=4&transport=websocket,        127.0.0.1.evil.example,        403",
        "/v1/updates/?EIO=4&transport=websocket,        127.0.0.1 http://evil.example, 403",
        "/v1/updates/?EIO=4&transport=websocket,        127.0.0.1 null,                403",
        "/v1/runner,                                    evil.example,                  403",
        "/v1/runner,                                    127.0.0.1 http://evil.example, 403",
        "/v1/runner,                                    127.0.0.1,                     101"
    })
    void onlyThisMachineAndThisVersionOfTheProtocolIsLetIn(String path, String hostAndOrigin, String status)
            throws IOException {
        String[] names = hostAndOrigin.split(" ", -1);
        String origin = names.length > 1 ? "\r\nOrigin: " + names[1] : "";
        String request = "GET " + path + " HTTP/1.1\r\nHost: " + names[0] + ":" + server.port() + origin
                + "\r\nAuthorization: Bearer runner-token\r\nConnection: Upgrade\r\nUpgrade: websocket"
                + "\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
                BufferedReader answer =
                        new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            String line = String.valueOf(answer.readLine());
            assertTrue(line.startsWith("HTTP/1.1 " + status), line);
        }
    }

    /** The library asks for a token only where one is offered, and hears who has shown a wrong one. */
    @ParameterizedTest
    @ValueSource(strings = {"", "40", "40{}", "40{\"token\":\"wrong\"}", "40{\"token\":7}", "40null"})
    void whoHasNotShownTheTokenIsNotHeard(String connect) throws Exception {
        String mark = "without " + connect;
        try (Client client = new Client()) {
            if (!connect.isEmpty()) {
                client.say(connect);
            }
            client.say("421[\"" + EventNames.HEARTBEAT + "\",{\"n\":" + Wire.JSON.valueToTree(mark) + "}]");
            var _ = client.heard.take("the end of it", said -> said.equals("41") || said.equals("closed"), SOON);
            assertEquals(
                    0,
                    client.heard.all().stream()
                            .filter(said -> said.startsWith("43"))
                            .count());
        }
        assertTrue(RECEIVED.all().stream().noneMatch(event -> event.endsWith(mark)), RECEIVED.all()::toString);
    }

    @Test
    void aLineOfAsManyLevelsAsARunnerSendsArrives() throws Exception {
        try (Client client = connected();
                Complaints complaints = new Complaints()) {
            String session = "{\"n\":\"deep\",\"sessionId\":\"s\",\"message\":";
            client.say("421[\"" + EventNames.MESSAGE_FROM_AGENT + "\"," + session + "[".repeat(3_000)
                    + "]".repeat(3_000) + "}]");
            client.awaitConfirmed(1);
            assertTrue(RECEIVED.all().contains(EventNames.MESSAGE_FROM_AGENT + " deep"), RECEIVED.all()::toString);
            assertEquals("", complaints.text());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"[\"message:from-claude\",{\"message\":DEEP}]", "[\"message:from-claude\",{\"a\":tru}]", "[\""})
    void whatCannotBeReadIsConfirmedAndCostsALineOfTheLog(String event) throws Exception {
        try (Client client = connected();
                Complaints complaints = new Complaints()) {
            client.say("421" + event.replace("DEEP", "[".repeat(200_000) + "]".repeat(200_000)));
            client.awaitConfirmed(1);
            client.say("422[\"" + EventNames.HEARTBEAT + "\",{\"n\":\"after\"}]");
            client.awaitConfirmed(2);
            assertTrue(complaints.text().startsWith("passed over an event"), complaints::text);
            assertTrue(complaints.text().length() < 500, complaints::text);
            assertEquals(0, complaints.stackTraces());
        }
    }

    private static Client connected() throws Exception {
        Client client = new Client();
        client.say("40{\"token\":\"runner-token\"}");
        var _ = client.heard.take("the connection", said -> said.startsWith("40{"), SOON);
        return client;
    }

    /** Engine.IO's packets, by hand. */
    private static final class Client implements WebSocket.Listener, AutoCloseable {
        private final EventLog<String> heard = new EventLog<>("what the server said");
        private final StringBuilder text = new StringBuilder();
        private final HttpClient http = HttpClient.newHttpClient();
        private final WebSocket socket;

        Client() throws InterruptedException {
            socket = http.newWebSocketBuilder()
                    .buildAsync(
                            URI.create("ws://127.0.0.1:" + server.port() + "/v1/updates/?EIO=4&transport=websocket"),
                            this)
                    .join();
            var _ = heard.take("the opening", said -> said.startsWith("0{"), SOON);
        }

        void say(String packet) {
            socket.sendText(packet, true).join();
        }

        void awaitConfirmed(int number) throws InterruptedException {
            var _ = heard.take("confirmation " + number, said -> said.startsWith("43" + number + "["), SOON);
        }

        @Override
        public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
            text.append(data);
            if (last) {
                heard.add(text.toString());
                text.setLength(0);
            }
            from.request(1);
            return java.util.concurrent.CompletableFuture.completedFuture(null);
        }

        @Override
        public CompletionStage<?> onClose(WebSocket from, int code, String reason) {
            heard.add("closed");
            return java.util.concurrent.CompletableFuture.completedFuture(null);
        }

        @Override
        public void onError(WebSocket from, Throwable cut) {
            heard.add("closed");
        }

        @Override
        public void close() {
            http.shutdownNow();
        }
    }
}
