package dev.vibe.runner.adapter.socketio;

import dev.vibe.runner.protocol.CommandDecoder;
import dev.vibe.runner.protocol.EventEncoder;
import dev.vibe.runner.testkit.NodeServer;
import java.net.URI;
import java.time.Duration;

/** The transport the recorded conversations are had with. */
final class Transports {
    private Transports() {}

    static SocketIoTransport to(URI server) {
        return new SocketIoTransport(
                SocketIoSettings.of(server, NodeServer.TOKEN)
                        .withReconnect(Duration.ofSeconds(1), Duration.ofSeconds(1)),
                new EventEncoder("cloud-e2b", NodeServer.TOKEN),
                new CommandDecoder());
    }
}
