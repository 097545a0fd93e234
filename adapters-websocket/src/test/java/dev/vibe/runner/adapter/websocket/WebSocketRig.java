package dev.vibe.runner.adapter.websocket;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.vibe.runner.application.port.out.TransportPort;
import dev.vibe.runner.protocol.CommandDecoder;
import dev.vibe.runner.protocol.EncodedEvent;
import dev.vibe.runner.protocol.EventEncoder;
import dev.vibe.runner.testkit.LinkFault;
import dev.vibe.runner.testkit.LinkProxy;
import dev.vibe.runner.testkit.NodeServer;
import dev.vibe.runner.testkit.TransportRig;
import dev.vibe.runner.transport.LinkTiming;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;

/** The WebSocket transport, a proxy that can break the network, and a server on the real {@code ws} behind it. */
final class WebSocketRig implements TransportRig {
    private static final int MAX_PAYLOAD = 1_000_000;
    private static final Pattern THREADS = Pattern.compile("websocket|websocket-.*|HttpClient-\\d+-SelectorManager");

    final NodeServer server;
    final LinkProxy proxy;
    final WebSocketTransport transport;

    /** Added to the wall clock that the transport sees. */
    final AtomicLong wallAhead = new AtomicLong();

    WebSocketRig(Map<String, ?> serverOptions) throws InterruptedException {
        this(serverOptions, Duration.ofMillis(PROBE_TIMEOUT_MS));
    }

    WebSocketRig(Map<String, ?> serverOptions, Duration probeTimeout) throws InterruptedException {
        this(NodeServer.start(serverOptions), probeTimeout);
    }

    private WebSocketRig(NodeServer server, Duration probeTimeout) {
        this.server = server;
        proxy = new LinkProxy(server.port());
        transport = new WebSocketTransport(
                WebSocketSettings.of(proxy.uri(), NodeServer.TOKEN)
                        .withTiming(new LinkTiming(
                                Duration.ofMillis(20), Duration.ofMillis(200), Duration.ofSeconds(5), probeTimeout)),
                new EventEncoder("cloud-e2b", NodeServer.TOKEN),
                new CommandDecoder(),
                () -> System.currentTimeMillis() + wallAhead.get(),
                System::nanoTime);
    }

    /** Another transport, as of another process, to the same server. */
    WebSocketRig again() {
        return new WebSocketRig(server, Duration.ofMillis(PROBE_TIMEOUT_MS));
    }

    @Override
    public TransportPort transport() {
        return transport;
    }

    @Override
    public List<EncodedEvent> arrived() throws InterruptedException {
        server.run("nothing"); // its reports come in order: after this one's end none of before is on its way
        List<EncodedEvent> arrived = new ArrayList<>();
        for (JsonNode report : server.reports().all()) {
            if (report.path("is").asText().equals("event")) {
                arrived.add(new EncodedEvent(
                        report.path("name").asText(), report.path("payload").toString()));
            }
        }
        return arrived;
    }

    @Override
    public int maxPayload() {
        return MAX_PAYLOAD;
    }

    @Override
    public void say(String event, String json) throws Exception {
        server.run(
                "raw",
                Map.of(
                        "text",
                        "{\"event\":" + new ObjectMapper().writeValueAsString(event) + ",\"data\":" + json + "}"));
    }

    @Override
    public void cut() {
        proxy.apply(new LinkFault.Cut());
    }

    @Override
    public void stopReading() {
        proxy.apply(new LinkFault.Stall());
    }

    @Override
    public void startReading() {
        heal();
    }

    @Override
    public void swallow() {
        proxy.apply(new LinkFault.BlackHole());
    }

    @Override
    public void heal() {
        proxy.apply(new LinkFault.Healthy());
    }

    @Override
    public void refuse(String words) throws Exception {
        server.run("set", Map.of("options", Map.of("refuse", "middleware", "refusal", words)));
    }

    @Override
    public void accept() throws Exception {
        server.run("set", Map.of("options", Map.of("refuse", "no")));
    }

    @Override
    public void hangUp() throws Exception {
        server.run("closeFrame", Map.of("code", 1001));
    }

    @Override
    public void lateHandlers() throws Exception {
        server.run("set", Map.of("options", Map.of("late", true)));
    }

    @Override
    public void attachHandlers() throws Exception {
        server.run("attach");
    }

    @Override
    public boolean earlyEventsWait() {
        return true;
    }

    @Override
    public boolean owns(Thread thread) {
        return THREADS.matcher(thread.getName()).matches();
    }

    @Override
    public void close() {
        transport.close();
        proxy.close();
        server.close();
    }
}
