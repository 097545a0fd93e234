package dev.vibe.runner.adapter.socketio;

import dev.vibe.runner.application.port.in.ServerEvents;
import dev.vibe.runner.application.port.out.TransportPort;
import dev.vibe.runner.protocol.CommandDecoder;
import dev.vibe.runner.protocol.EventEncoder;
import dev.vibe.runner.protocol.FrameLimit;
import dev.vibe.runner.transport.Patience;
import dev.vibe.runner.transport.TransportLoop;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/** The server over Socket.IO. Answers come in on OkHttp's threads. */
public final class SocketIoTransport implements TransportPort {
    private final TransportLoop loop;

    /**
     * A transport that does nothing yet.
     *
     * @param encoder holds the endpoint's type and the token of its registrations
     * @throws IllegalArgumentException when the settings name certificates that cannot be read
     */
    public SocketIoTransport(SocketIoSettings settings, EventEncoder encoder, CommandDecoder decoder) {
        this(settings, encoder, decoder, System::currentTimeMillis, System::nanoTime);
    }

    /** As above, with clocks by which a pause of this machine is noticed. */
    SocketIoTransport(
            SocketIoSettings settings,
            EventEncoder encoder,
            CommandDecoder decoder,
            LongSupplier wallMillis,
            LongSupplier monotonicNanos) {
        Http http = new Http(settings);
        Confirming confirming = new Confirming();
        Patience patience = new Patience(settings.timing().probeTimeout());
        long random = RandomGenerator.getDefault().nextLong() >>> 1;
        // A name no server has: CONNECT to it is refused, in order, after all that was sent before.
        String probeNamespace = "/vibe-confirm-" + Long.toString(random, Character.MAX_RADIX) + "-";
        loop = new TransportLoop(
                "socketio",
                settings.toString(),
                settings.timing(),
                FrameLimit.DEFAULT.message(),
                () -> new Connection(settings, http, encoder, decoder, probeNamespace, confirming, patience),
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
