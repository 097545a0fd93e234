package dev.vibe.runner.adapter.socketio;

import dev.vibe.runner.application.port.out.TransportPort;
import dev.vibe.runner.protocol.CommandDecoder;
import dev.vibe.runner.protocol.EventEncoder;
import dev.vibe.runner.testkit.NetworkContract;
import dev.vibe.runner.testkit.NodeServer;
import dev.vibe.runner.transport.NetworkAccess;
import java.net.URI;
import java.time.Duration;

class SocketIoNetworkTest extends NetworkContract {
    @Override
    protected String scheme(boolean encrypted) {
        return encrypted ? "https" : "http";
    }

    @Override
    protected TransportPort transport(URI server, NetworkAccess network) {
        SocketIoSettings settings = SocketIoSettings.of(server, NodeServer.TOKEN)
                .withReconnect(Duration.ofMillis(20), Duration.ofMillis(200))
                .withNetwork(network);
        return new SocketIoTransport(settings, new EventEncoder("cloud-e2b", NodeServer.TOKEN), new CommandDecoder());
    }
}
