package dev.vibe.runner.bootstrap;

import com.google.inject.AbstractModule;
import com.google.inject.Provides;
import com.google.inject.Singleton;
import dev.vibe.runner.adapter.socketio.SocketIoSettings;
import dev.vibe.runner.adapter.socketio.SocketIoTransport;
import dev.vibe.runner.adapter.websocket.WebSocketSettings;
import dev.vibe.runner.adapter.websocket.WebSocketTransport;
import dev.vibe.runner.application.port.out.TransportPort;
import dev.vibe.runner.protocol.CommandDecoder;
import dev.vibe.runner.protocol.EventEncoder;
import dev.vibe.runner.transport.LinkTiming;

/** The transport. */
final class TransportModule extends AbstractModule {
    private static final String ENDPOINT_TYPE = "cloud-e2b";
    private static final String CLIENT_TYPE = "cloud-endpoint";

    private final RunnerSettings settings;

    TransportModule(RunnerSettings settings) {
        this.settings = settings;
    }

    @Provides
    @Singleton
    TransportPort transport() {
        EventEncoder encoder = new EventEncoder(ENDPOINT_TYPE, settings.token().value());
        CommandDecoder decoder = new CommandDecoder();
        return settings.transport() == TransportKind.WEBSOCKET
                ? webSocket(encoder, decoder)
                : socketIo(encoder, decoder);
    }

    private TransportPort socketIo(EventEncoder encoder, CommandDecoder decoder) {
        SocketIoSettings socketIo = new SocketIoSettings(
                settings.serverUrl(),
                settings.socketPath(),
                settings.token().value(),
                CLIENT_TYPE,
                timing(),
                settings.network());
        return new SocketIoTransport(socketIo, encoder, decoder);
    }

    private TransportPort webSocket(EventEncoder encoder, CommandDecoder decoder) {
        WebSocketSettings webSocket = new WebSocketSettings(
                settings.serverUrl(), settings.websocketPath(), settings.token().value(), timing(), settings.network());
        return new WebSocketTransport(webSocket, encoder, decoder);
    }

    private LinkTiming timing() {
        return new LinkTiming(
                settings.reconnectMin(), settings.reconnectMax(), settings.connectTimeout(), settings.probeTimeout());
    }
}
