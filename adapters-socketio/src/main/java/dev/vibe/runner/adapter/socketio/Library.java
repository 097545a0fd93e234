package dev.vibe.runner.adapter.socketio;

import io.socket.client.IO;
import io.socket.client.Manager;
import io.socket.client.Socket;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicReference;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import org.jspecify.annotations.Nullable;

/**
 * One {@link Manager} and one {@link Socket} of the Socket.IO library, for one connection and never again: the
 * library's own reconnection would not come back after a kick, and would double listeners. It does the handshake,
 * authentication and leaving.
 */
final class Library {
    private final Http http;
    private final Manager manager;
    private final Socket socket;
    private final AtomicReference<@Nullable FrameSocket> webSocket = new AtomicReference<>();

    Library(SocketIoSettings settings, Http http, Connection connection) {
        this.http = http;
        OkHttpClient client = http.client();
        HttpUrl server = settings.endpoint();
        IO.Options options = new IO.Options();
        options.secure = server.isHttps();
        options.hostname = server.host();
        options.port = server.port();
        options.query = server.encodedQuery();
        options.path = settings.path();
        options.transports = new String[] {"websocket"};
        options.reconnection = false;
        options.timeout = -1; // the transport's thread watches the whole attempt; the library would start a Timer
        options.auth = Map.of("token", settings.token().get(), "clientType", settings.clientType());
        options.callFactory = client;
        options.webSocketFactory = (request, listener) -> {
            FrameSocket created = new FrameSocket(client, request, new FrameTap(listener, connection, http.incoming()));
            webSocket.set(created);
            created.connect();
            return created;
        };
        manager = new Manager(options);
        socket = manager.socket("/", options);
        manager.on(Manager.EVENT_CLOSE, why -> connection.failed("the connection ended: " + first(why)));
        manager.on(Manager.EVENT_ERROR, why -> connection.failed("the connection failed: " + first(why)));
    }

    /** Begins to connect; returns at once. Fails with {@link OutOfMemoryError} where the system gives the library no thread. */
    void connect() {
        Queue<Library> unfinished = http.unfinished();
        for (Library other = unfinished.peek(); other != null; other = unfinished.peek()) {
            other.socket.disconnect();
            unfinished.remove();
        }
        socket.connect();
    }

    /** The connection's WebSocket, once the attempt has begun. */
    @Nullable
    FrameSocket webSocket() {
        return webSocket.get();
    }

    /**
     * Leaves and closes as the protocol wants it, in the library's own time. Where the system gives it no thread it fails, and whoever
     * connects next makes up for it: one that has connected keeps a thread for its timer.
     */
    void disconnect() {
        try {
            socket.disconnect();
        } catch (OutOfMemoryError noThread) {
            if (webSocket.get() != null) {
                http.unfinished().add(this);
            }
            throw noThread;
        }
    }

    private static String first(Object[] why) {
        return why.length == 0 || why[0] == null ? "unknown reason" : Refusals.oneLine(why[0].toString());
    }
}
