package dev.vibe.runner.bootstrap;

import java.net.URI;
import java.util.Locale;

/** What the server is spoken to with. */
public enum TransportKind {
    /** Plain WebSocket for a server whose URL says so, else Socket.IO. */
    AUTO,
    SOCKETIO,
    WEBSOCKET;

    /** The transport for a server; never {@link #AUTO}. */
    TransportKind of(URI server) {
        boolean ws = server.getScheme().toLowerCase(Locale.ROOT).startsWith("ws");
        return this != AUTO ? this : ws ? WEBSOCKET : SOCKETIO;
    }
}
