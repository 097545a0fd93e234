package dev.vibe.runner.adapter.websocket;

import dev.vibe.runner.application.port.in.ServerEvents;
import dev.vibe.runner.application.port.out.TransportPort;
import dev.vibe.runner.protocol.CommandDecoder;
import dev.vibe.runner.protocol.EventEncoder;
import dev.vibe.runner.protocol.FrameLimit;
import dev.vibe.runner.transport.Patience;
import dev.vibe.runner.transport.TransportLoop;
import java.util.function.LongSupplier;

/** The server over plain WebSocket, for hosts without Socket.IO; docs/websocket-protocol.md. */
public final class WebSocketTransport implements TransportPort {
    private final TransportLoop loop;

    /**
     * A transport that does nothing yet.
     *
     * @param encoder holds the endpoint's type and the token of its registrations
     * @throws IllegalArgumentException when the settings name certificates that cannot be read
     */
    public WebSocketTransport(WebSocketSettings settings, EventEncoder encoder, CommandDecoder decoder) {
        this(settings, encoder, decoder, System::currentTimeMillis, System::nanoTime);
    }

    /** As above, with clocks by which a pause of this machine is noticed. */
    WebSocketTransport(
            WebSocketSettings settings,
            EventEncoder encoder,
            CommandDecoder decoder,
            LongSupplier wallMillis,
            LongSupplier monotonicNanos) {
        Http http = new Http(settings);
        Patience patience = new Patience(settings.timing().probeTimeout());
        loop = new TransportLoop(
                "websocket",
                settings.toString(),
                settings.timing(),
                FrameLimit.DEFAULT.message(),
                () -> new Connection(http, encoder, decoder, patience),
                http::close,
                wallMillis,
                monotonicNanos);
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
