package dev.vibe.runner.adapter.tcp;

import dev.vibe.runner.application.port.in.ServerEvents;
import dev.vibe.runner.application.port.out.TransportPort;
import dev.vibe.runner.protocol.CommandDecoder;
import dev.vibe.runner.protocol.EventEncoder;
import dev.vibe.runner.transport.LinkTiming;
import dev.vibe.runner.transport.TransportLoop;
import java.net.InetSocketAddress;

/** The server over plain TCP. */
public final class TcpTransport implements TransportPort {
    private final TransportLoop loop;

    /** A transport that does nothing yet. */
    public TcpTransport(
            InetSocketAddress server, String token, LinkTiming timing, EventEncoder encoder, CommandDecoder decoder) {
        loop = new TransportLoop(
                "tcp",
                server.toString(),
                timing,
                TcpConnection.MAX_MESSAGE,
                () -> new TcpConnection(server, token, timing, encoder, decoder),
                () -> {},
                System::currentTimeMillis,
                System::nanoTime);
    }

    @Override
    public void open(ServerEvents events) {
        loop.open(events);
    }

    @Override
    public int maxMessageBytes() {
        return loop.maxMessageBytes();
    }

    @Override
    public void close() {
        loop.close();
    }
}
