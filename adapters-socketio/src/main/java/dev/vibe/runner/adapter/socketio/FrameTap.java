package dev.vibe.runner.adapter.socketio;

import dev.vibe.runner.transport.ConnectionProblem;
import okhttp3.Response;
import okhttp3.WebSocket;
import okhttp3.WebSocketListener;
import okio.ByteString;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stands between OkHttp and the Socket.IO library. What makes and ends the connection (handshake, joining, leaving)
 * goes on to the library; pings, events and probe answers do not, they are dealt with on OkHttp's reader thread. Four
 * things the library would do badly end here: it ignores a close frame and stays "connected" for up to a minute; it
 * closes the connection on a frame it cannot read; it queues what arrives without a bound; and it starts a thread to answer a ping.
 */
final class FrameTap extends WebSocketListener {
    private static final Logger LOG = LoggerFactory.getLogger(FrameTap.class);
    private static final int NORMAL_CLOSURE = 1000;
    private static final int MAX_LIBRARY_FRAME = 65_536;

    private final WebSocketListener library;
    private final Connection connection;
    private final IncomingLimit incoming;
    private boolean handshaken; // reader thread only
    private boolean joined; // reader thread only

    FrameTap(WebSocketListener library, Connection connection, IncomingLimit incoming) {
        this.library = library;
        this.connection = connection;
        this.incoming = incoming;
    }

    @Override
    public void onOpen(WebSocket webSocket, Response response) {
        library.onOpen(webSocket, response);
    }

    @Override
    public void onMessage(WebSocket webSocket, String text) {
        incoming.messageArrived();
        connection.arrived();
        if (connection.over() || text.isEmpty()) {
            return;
        }
        switch (text.charAt(0)) {
            case '0' -> handshake(webSocket, text);
            case '1' -> connection.failed("the server closed the session");
            case '2' -> webSocket.send("3");
            case '4' -> packet(webSocket, text);
            default -> ignored(text);
        }
    }

    @Override
    public void onMessage(WebSocket webSocket, ByteString bytes) {
        incoming.messageArrived();
        LOG.debug("ignored a binary frame of {} bytes", bytes.size());
    }

    @Override
    public void onClosing(WebSocket webSocket, int code, String reason) {
        webSocket.close(NORMAL_CLOSURE, null);
        connection.failed(ConnectionProblem.closed(code));
        library.onClosing(webSocket, code, reason);
    }

    @Override
    public void onClosed(WebSocket webSocket, int code, String reason) {
        connection.closed("the connection was closed, code " + code);
        library.onClosed(webSocket, code, reason);
    }

    @Override
    public void onFailure(
            WebSocket webSocket, Throwable failure, @org.jspecify.annotations.Nullable Response response) {
        String refusal = response == null ? null : Refusals.reason(response);
        if (refusal != null) {
            connection.refused(refusal);
        }
        connection.closed(
                response == null
                        ? ConnectionProblem.describe(failure)
                        : ConnectionProblem.http(response.code(), response.header("Location")));
        library.onFailure(webSocket, failure, response);
    }

    private void handshake(WebSocket webSocket, String text) {
        if (handshaken || text.length() > MAX_LIBRARY_FRAME) {
            ignored(text); // a second one would double the library's own listeners
            return;
        }
        handshaken = true;
        Handshake handshake = Handshake.of(text);
        connection.handshake(text, handshake.patience());
        library.onMessage(webSocket, handshake.forLibrary());
    }

    private void packet(WebSocket webSocket, String text) {
        char type = text.length() > 1 ? text.charAt(1) : ' ';
        if (text.length() > 2 && text.charAt(2) == '/') {
            if (type == '0' || type == '4') {
                connection.probeAnswered(text);
            }
            return;
        }
        switch (type) {
            case '0' -> joined(webSocket, text);
            case '1' -> {
                connection.failed("the server disconnected us");
                library.onMessage(webSocket, "41");
            }
            case '2' -> connection.event(text);
            case '3' -> connection.calledBack(text);
            case '4' -> refused(text);
            case '5' -> connection.binaryEvent(text);
            default -> ignored(text);
        }
    }

    private void joined(WebSocket webSocket, String text) {
        if (joined || !handshaken || text.length() > MAX_LIBRARY_FRAME) {
            ignored(text);
            return;
        }
        joined = true;
        library.onMessage(webSocket, text);
        connection.joined();
    }

    private void refused(String text) {
        if (joined) {
            ignored(text);
            return;
        }
        connection.refused(Refusals.reason(text));
    }

    private static void ignored(String text) {
        LOG.debug("ignored a frame of {} characters", text.length());
    }
}
