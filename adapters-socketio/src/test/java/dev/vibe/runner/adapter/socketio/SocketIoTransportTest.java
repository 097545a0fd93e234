package dev.vibe.runner.adapter.socketio;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.vibe.runner.application.port.out.Link;
import dev.vibe.runner.domain.EndpointEvent;
import dev.vibe.runner.domain.EndpointId;
import dev.vibe.runner.protocol.CommandDecoder;
import dev.vibe.runner.protocol.EventEncoder;
import dev.vibe.runner.testkit.NodeServer;
import dev.vibe.runner.testkit.RecordedEvents;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class SocketIoTransportTest {
    private static final Duration SOON = Duration.ofSeconds(10);
    private static final EndpointId ENDPOINT = new EndpointId("e2b-1");

    @Test
    void anEventArrivesAndABarrierConfirmsIt() throws Exception {
        RecordedEvents events = new RecordedEvents();
        try (NodeServer server = NodeServer.start();
                SocketIoTransport transport = new SocketIoTransport(
                        SocketIoSettings.of(server.uri(), NodeServer.TOKEN),
                        new EventEncoder("cloud-e2b", NodeServer.TOKEN),
                        new CommandDecoder())) {
            transport.open(events);
            Link link = events.awaitLink(SOON);
            link.send(new EndpointEvent.Heartbeat(ENDPOINT));
            link.barrier().toCompletableFuture().get(5, TimeUnit.SECONDS);
            assertEquals(
                    "e2b-1",
                    server.awaitEvent("endpoint:heartbeat", SOON).path("endpointId").asText());
            assertEquals(
                    "cloud-endpoint",
                    server.reports().all().get(1).path("auth").path("clientType").asText());
        }
    }
}
