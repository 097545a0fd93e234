package dev.vibe.runner.adapter.tcp;

import dev.vibe.runner.application.port.out.TransportPort;
import dev.vibe.runner.protocol.CommandDecoder;
import dev.vibe.runner.protocol.EncodedEvent;
import dev.vibe.runner.protocol.EventEncoder;
import dev.vibe.runner.testkit.LinkFault;
import dev.vibe.runner.testkit.LinkProxy;
import dev.vibe.runner.testkit.TransportContract;
import dev.vibe.runner.testkit.TransportRig;
import dev.vibe.runner.transport.LinkTiming;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class TcpContractTest extends TransportContract {
    @Override
    protected TransportRig newRig() {
        return new Rig();
    }

    /** The transport, a proxy that can break the network, and the server. */
    private static final class Rig implements TransportRig {
        private final TcpServer server = new TcpServer();
        private final LinkProxy proxy = new LinkProxy(server.port());
        private final TcpTransport transport = new TcpTransport(
                new InetSocketAddress(
                        InetAddress.getLoopbackAddress(), proxy.uri().getPort()),
                "token",
                new LinkTiming(
                        Duration.ofMillis(20),
                        Duration.ofMillis(200),
                        Duration.ofSeconds(5),
                        Duration.ofMillis(PROBE_TIMEOUT_MS)),
                new EventEncoder("cloud-e2b", "token"),
                new CommandDecoder());

        @Override
        public TransportPort transport() {
            return transport;
        }

        @Override
        public List<EncodedEvent> arrived() {
            return server.arrived();
        }

        @Override
        public int maxPayload() {
            return TcpConnection.MAX_PAYLOAD;
        }

        @Override
        public void say(String event, String json) throws Exception {
            server.say(event, json);
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
        public void refuse(String words) {
            server.refusal = words;
        }

        @Override
        public void accept() {
            server.refusal = null;
        }

        @Override
        public void hangUp() throws Exception {
            server.hangUp();
        }

        @Override
        public void lateHandlers() {
            server.handlers = false;
        }

        @Override
        public void attachHandlers() throws Exception {
            server.attachHandlers();
        }

        @Override
        public boolean owns(Thread thread) {
            return thread.getName().startsWith("tcp");
        }

        @Override
        public void close() {
            transport.close();
            proxy.close();
            server.close();
        }
    }
}
