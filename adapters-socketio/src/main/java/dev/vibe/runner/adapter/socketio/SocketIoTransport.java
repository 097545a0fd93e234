package dev.vibe.runner.adapter.socketio;

import dev.vibe.runner.application.port.in.ServerEvents;
import dev.vibe.runner.application.port.out.TransportPort;
import dev.vibe.runner.protocol.CommandDecoder;
import dev.vibe.runner.protocol.EventEncoder;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The server over Socket.IO. One thread connects, reports and reconnects, in a plain loop; it is the only one that calls
 * {@link ServerEvents}. Events are sent by the application's own threads, answers come in on OkHttp's.
 */
public final class SocketIoTransport implements TransportPort {
    private static final Logger LOG = LoggerFactory.getLogger(SocketIoTransport.class);
    private static final Duration LONGEST_TICK = Duration.ofSeconds(1);
    private static final int TICKS_PER_PROBE_TIMEOUT = 5;
    private static final long CLOSE_SECONDS = 5;

    private final SocketIoSettings settings;
    private final EventEncoder encoder;
    private final CommandDecoder decoder;
    private final Http http;
    private final Pauses pauses;
    private final Duration tick;
    private final Naps naps; // the transport's thread only
    private final Confirming confirming = new Confirming();
    private final String probeNamespace;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final AtomicReference<@Nullable Thread> thread = new AtomicReference<>();
    private final AtomicReference<@Nullable Connection> current = new AtomicReference<>();
    private volatile int maxMessageBytes = Limits.message(Limits.DEFAULT_FRAME);
    private String lastFailure = ""; // the transport's thread only

    /**
     * A transport that does nothing yet.
     *
     * @param encoder holds the endpoint's type and the token of its registrations
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
        this.settings = settings;
        this.encoder = encoder;
        this.decoder = decoder;
        http = new Http(settings);
        RandomGenerator random = RandomGenerator.getDefault();
        pauses = new Pauses(settings.reconnectMin(), settings.reconnectMax(), random);
        Duration part = settings.probeTimeout().dividedBy(TICKS_PER_PROBE_TIMEOUT);
        tick = part.compareTo(LONGEST_TICK) < 0 ? part : LONGEST_TICK;
        naps = new Naps(wallMillis, monotonicNanos, tick);
        // A name no server has: CONNECT to it is refused, in order, after all that was sent before.
        probeNamespace = "/vibe-confirm-" + Long.toString(random.nextLong() >>> 1, Character.MAX_RADIX) + "-";
    }

    @Override
    public void open(ServerEvents events) {
        Thread loop = new Thread(() -> run(events), "socketio");
        loop.setDaemon(true);
        if (!thread.compareAndSet(null, loop)) {
            throw new IllegalStateException("opened twice");
        }
        loop.start();
    }

    @Override
    public int maxMessageBytes() {
        return maxMessageBytes;
    }

    @Override
    public void close() {
        closing.countDown();
        Connection connection = current.get();
        if (connection != null) {
            connection.end("closed by the runner");
        }
        Thread loop = thread.get();
        try {
            if (loop != null && loop != Thread.currentThread() && !loop.join(Duration.ofSeconds(CLOSE_SECONDS))) {
                LOG.warn("the transport's thread does not end: a callback blocks");
                loop.interrupt();
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            http.close();
        }
    }

    private void run(ServerEvents events) {
        try {
            while (!closed()) {
                Connection connection = new Connection(settings, http, encoder, decoder, probeNamespace, confirming);
                current.set(connection);
                long begin = System.nanoTime();
                connection.connect();
                try {
                    serve(connection, events);
                } finally {
                    connection.dispose();
                }
                if (System.nanoTime() - begin >= settings.reconnectMax().toNanos()) {
                    pauses.reset();
                }
                var _ = closing.await(closed() ? 0 : pauses.next().toMillis(), TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException _) {
            LOG.debug("the transport's thread was interrupted and ends");
        } finally {
            http.close();
        }
    }

    /** Reports one connection from its attempt to its end. */
    private void serve(Connection connection, ServerEvents events) throws InterruptedException {
        long deadline = System.nanoTime() + settings.connectTimeout().toNanos();
        boolean connected = false;
        var _ = naps.sinceLastLook(); // the pause between attempts is none
        while (true) {
            if (closed()) {
                connection.end("closed by the runner");
            }
            Signal signal = connection.next(connection.tick(tick));
            if (signal == null && connection.ended()) {
                break;
            }
            switch (signal) {
                case Signal.Connected _ -> {
                    connected = true;
                    maxMessageBytes = Limits.message(connection.maxFrame());
                    LOG.info("connected to {}", settings);
                    lastFailure = "";
                    report(() -> events.connected(connection));
                }
                case Signal.Received(var command) -> report(() -> events.received(command));
                case Signal.Refused(var reason) -> report(() -> events.refused(reason));
                case Signal.Wake _ -> {}
                case null -> {}
            }
            long paused = naps.sinceLastLook();
            if (connected) {
                if (paused > 0) {
                    LOG.info("this machine seems to have been paused for {} ms: asking the server", paused);
                    connection.suspect();
                }
                connection.watch(settings.probeTimeout());
            } else if (paused > 0) {
                connection.end("this machine was paused meanwhile");
            } else if (System.nanoTime() - deadline > 0) {
                connection.end(
                        "no connection within " + settings.connectTimeout().toMillis() + " ms");
            }
        }
        String reason = connection.endReason();
        if (connected) {
            LOG.info("disconnected: {}", reason);
            report(() -> events.disconnected(reason));
        } else if (!reason.equals(lastFailure)) {
            lastFailure = reason;
            LOG.info("cannot connect to {}, trying on: {}", settings, reason);
        }
    }

    private static void report(Runnable callback) {
        try {
            callback.run();
        } catch (RuntimeException bug) {
            LOG.error("a callback failed, the connection goes on", bug);
        }
    }

    private boolean closed() {
        return closing.getCount() == 0;
    }
}
