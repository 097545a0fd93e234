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
import dev.vibe.runner.transport.NetworkAccess;
import java.net.URI;
import java.util.function.Supplier;

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

    /** The transport that the settings ask for. {@code token} is asked at each connection. */
    static TransportPort transport(RunnerSettings settings, Supplier<String> token) {
        return transport(settings, settings.serverUrl(), token, settings.network());
    }

    /** The same kind of transport to another server, which is told no token. */
    static TransportPort warmUp(RunnerSettings settings, URI server) {
        return transport(settings, server, () -> "warm-up", NetworkAccess.DIRECT);
    }

    private static TransportPort transport(
            RunnerSettings settings, URI server, Supplier<String> token, NetworkAccess network) {
        EventEncoder encoder = new EventEncoder(ENDPOINT_TYPE, token);
        CommandDecoder decoder = new CommandDecoder();
        LinkTiming timing = new LinkTiming(
                settings.reconnectMin(), settings.reconnectMax(), settings.connectTimeout(), settings.probeTimeout());
        return switch (settings.transport()) {
            case WEBSOCKET ->
                new WebSocketTransport(
                        new WebSocketSettings(server, settings.websocketPath(), token, timing, network),
                        encoder,
                        decoder);
            default ->
                new SocketIoTransport(
                        new SocketIoSettings(server, settings.socketPath(), token, CLIENT_TYPE, timing, network),
                        encoder,
                        decoder);
        };
    }
}
