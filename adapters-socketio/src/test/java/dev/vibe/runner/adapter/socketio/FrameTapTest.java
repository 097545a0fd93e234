package dev.vibe.runner.adapter.socketio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.vibe.runner.protocol.CommandDecoder;
import dev.vibe.runner.protocol.EventEncoder;
import dev.vibe.runner.transport.Patience;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import okhttp3.Request;
import okhttp3.WebSocket;
import okhttp3.WebSocketListener;
import okio.ByteString;
import org.json.JSONObject;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the library is told and what it is not; nothing is connected here. */
@Timeout(30)
class FrameTapTest {
    private static final SocketIoSettings SETTINGS = SocketIoSettings.of(URI.create("http://127.0.0.1:1"), "secret");
    private static final String HANDSHAKE =
            "0{\"sid\":\"a\",\"upgrades\":[],\"pingInterval\":25000,\"pingTimeout\":20000,\"maxPayload\":1000000}";

    private final Http http = new Http(SETTINGS);
    private final Connection connection = new Connection(
            SETTINGS,
            http,
            new EventEncoder("cloud-e2b", "secret"),
            new CommandDecoder(),
            "/nowhere-",
            new Confirming(),
            new Patience(Duration.ofSeconds(5)));
    private final List<String> told = new ArrayList<>();
    private final List<String> sent = new ArrayList<>();
    private final WebSocket socket = new Sent();
    private final FrameTap tap = new FrameTap(new Told(), connection, http.incoming());

    @AfterEach
    void end() {
        http.close();
    }

    @Test
    void aPingIsAnsweredWithoutTheLibraryWhichWouldStartAThread() {
        tap.onMessage(socket, "2");
        assertEquals(List.of(), told);
        assertEquals(List.of("3"), sent);
    }

    @Test
    void theLibraryExpectsNoPings() throws Exception {
        tap.onMessage(socket, HANDSHAKE);
        JSONObject handshake = new JSONObject(told.getFirst().substring(1));
        assertEquals("a", handshake.getString("sid"));
        assertEquals(0, handshake.getJSONArray("upgrades").length());
        long millis = handshake.getLong("pingInterval") + handshake.getLong("pingTimeout");
        assertTrue(millis > Duration.ofDays(10_000).toMillis(), told::toString);
    }

    @Test
    void aHandshakeThatSaysNothingOfPingsIsLeftForTheLibraryToRefuse() {
        for (String broken : List.of("0{}", "0", "0[]", "0{\"pingInterval\":\"often\",\"pingTimeout\":1}")) {
            assertEquals(broken, Handshake.of(broken).forLibrary());
        }
    }

    @Test
    void howLongToWaitForAPingIsWhatTheServerSaysAndNeverTooMuch() {
        assertEquals(Duration.ofSeconds(45), Handshake.of(HANDSHAKE).patience());
        String endless = HANDSHAKE.replace("25000", "1e300").replace("20000", "9223372036854775807");
        assertTrue(Handshake.of(endless).patience().toNanos() > 0);
    }

    private final class Told extends WebSocketListener {
        @Override
        public void onMessage(WebSocket webSocket, String text) {
            told.add(text);
        }
    }

    private final class Sent implements WebSocket {
        @Override
        public boolean send(String text) {
            return sent.add(text);
        }

        @Override
        public boolean send(ByteString bytes) {
            return sent.add(bytes.hex());
        }

        @Override
        public Request request() {
            throw new AssertionError("nobody asks");
        }

        @Override
        public long queueSize() {
            return 0;
        }

        @Override
        public boolean close(int code, @org.jspecify.annotations.Nullable String reason) {
            return true;
        }

        @Override
        public void cancel() {
            // nothing is connected
        }
    }
}
