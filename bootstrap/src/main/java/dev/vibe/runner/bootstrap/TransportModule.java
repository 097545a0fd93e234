package dev.vibe.runner.bootstrap;

import com.google.inject.AbstractModule;
import com.google.inject.Provides;
import com.google.inject.Singleton;
import dev.vibe.runner.adapter.socketio.SocketIoSettings;
import dev.vibe.runner.adapter.socketio.SocketIoTransport;
import dev.vibe.runner.application.port.out.TransportPort;
import dev.vibe.runner.protocol.CommandDecoder;
import dev.vibe.runner.protocol.EventEncoder;

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
        String token = settings.token().value();
        SocketIoSettings socketIo = new SocketIoSettings(
                settings.serverUrl(),
                settings.socketPath(),
                token,
                CLIENT_TYPE,
                settings.reconnectMin(),
                settings.reconnectMax(),
                settings.connectTimeout(),
                settings.probeTimeout());
        return new SocketIoTransport(socketIo, new EventEncoder(ENDPOINT_TYPE, token), new CommandDecoder());
    }
}
