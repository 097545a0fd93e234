package dev.vibe.runner.bootstrap;

import com.google.inject.AbstractModule;
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

    private final TransportPort transport;

    /** @param transport begins to connect before the rest is wired, see {@link EarlyTransport} */
    TransportModule(TransportPort transport) {
        this.transport = transport;
    }

    @Override
    protected void configure() {
        bind(TransportPort.class).toInstance(transport);
    }

    /** The transport that the settings ask for. */
    static TransportPort transport(RunnerSettings settings) {
        EventEncoder encoder = new EventEncoder(ENDPOINT_TYPE, settings.token().value());
        CommandDecoder decoder = new CommandDecoder();
        return settings.transport() == TransportKind.WEBSOCKET
                ? webSocket(settings, encoder, decoder)
                : socketIo(settings, encoder, decoder);
    }

    private static TransportPort socketIo(RunnerSettings settings, EventEncoder encoder, CommandDecoder decoder) {
        SocketIoSettings socketIo = new SocketIoSettings(
                settings.serverUrl(),
                settings.socketPath(),
                settings.token().value(),
                CLIENT_TYPE,
                timing(settings),
                settings.network());
        return new SocketIoTransport(socketIo, encoder, decoder);
    }

    private static TransportPort webSocket(RunnerSettings settings, EventEncoder encoder, CommandDecoder decoder) {
        WebSocketSettings webSocket = new WebSocketSettings(
                settings.serverUrl(),
                settings.websocketPath(),
                settings.token().value(),
                timing(settings),
                settings.network());
        return new WebSocketTransport(webSocket, encoder, decoder);
    }

    private static LinkTiming timing(RunnerSettings settings) {
        return new LinkTiming(
                settings.reconnectMin(), settings.reconnectMax(), settings.connectTimeout(), settings.probeTimeout());
    }
}
