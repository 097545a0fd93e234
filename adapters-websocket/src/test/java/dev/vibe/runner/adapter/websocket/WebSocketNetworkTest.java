package dev.vibe.runner.adapter.websocket;

import dev.vibe.runner.application.port.out.TransportPort;
import dev.vibe.runner.protocol.CommandDecoder;
import dev.vibe.runner.protocol.EventEncoder;
import dev.vibe.runner.testkit.NetworkContract;
import dev.vibe.runner.testkit.NodeServer;
import dev.vibe.runner.transport.LinkTiming;
import dev.vibe.runner.transport.NetworkAccess;
import java.net.URI;
import java.time.Duration;

class WebSocketNetworkTest extends NetworkContract {
    @Override
    protected String scheme(boolean encrypted) {
        return encrypted ? "wss" : "ws";
    }

    @Override
    protected TransportPort transport(URI server, NetworkAccess network) {
        WebSocketSettings settings = WebSocketSettings.of(server, NodeServer.TOKEN)
                .withTiming(new LinkTiming(
                        Duration.ofMillis(20), Duration.ofMillis(200), Duration.ofSeconds(5), Duration.ofSeconds(5)))
                .withNetwork(network);
        return new WebSocketTransport(settings, new EventEncoder("cloud-e2b", NodeServer.TOKEN), new CommandDecoder());
    }
}
