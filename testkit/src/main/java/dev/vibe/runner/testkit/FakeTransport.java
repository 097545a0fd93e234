package dev.vibe.runner.testkit;

import dev.vibe.runner.application.port.in.ServerEvents;
import dev.vibe.runner.application.port.out.TransportPort;
import dev.vibe.runner.domain.EndpointEvent;
import dev.vibe.runner.domain.ServerCommand;
import dev.vibe.runner.protocol.CommandDecoder;
import dev.vibe.runner.protocol.EncodedEvent;
import dev.vibe.runner.protocol.EventEncoder;
import java.time.Duration;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A transport in memory, whose server the test plays: it decides when there is a connection, what arrives, and what the
 * server says. By default it connects when opened, reads everything and confirms every barrier, but does not come back
 * after {@link #cut} until {@link #connect} (see {@link #reconnecting}). Everything is safe for use by several threads.
 */
public final class FakeTransport implements TransportPort {
    private static final int DEFAULT_MAX_MESSAGE_BYTES = 1_000_000;

    private static final int ENVELOPE = 2_048; // of a message in its payload
    private static final int RECONNECT_MS = 10;
    private static final String THREAD = "fake-transport";

    private final EventLog<EndpointEvent> arrived = new EventLog<>("the fake server's arrivals");
    private final EventLog<EndpointEvent> missed = new EventLog<>("what the fake server missed");
    private final EventLog<EncodedEvent> arrivedEncoded = new EventLog<>("the fake server's wire");
    private final ScheduledThreadPoolExecutor callbacks;
    private final AtomicReference<@Nullable FakeLink> current = new AtomicReference<>();
    private final LinkConditions conditions = new LinkConditions();
    private volatile int maxMessageBytes = DEFAULT_MAX_MESSAGE_BYTES;
    private volatile boolean connecting = true;
    private volatile boolean reconnecting;
    private volatile boolean closed;
    private volatile boolean handlers = true;
    private volatile @Nullable String refusal;
    private volatile @Nullable ServerEvents events;
    private volatile @Nullable Consumer<EndpointEvent> server;
    private volatile @Nullable EventEncoder wire;

    /** A transport that connects when opened. */
    public FakeTransport() {
        callbacks = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, THREAD);
            thread.setDaemon(true);
            return thread;
        });
        callbacks.setRemoveOnCancelPolicy(true);
    }

    /** Leaves the first connection to {@link #connect}. Before {@link #open}. */
    public FakeTransport disconnectedAtFirst() {
        connecting = false;
        return this;
    }

    /** Connects anew by itself after each loss, as a real transport does. */
    public FakeTransport reconnecting() {
        reconnecting = true;
        return this;
    }

    /** How many events may be on their way while the server does not read; then {@code send} waits. Default 64. */
    public FakeTransport withCapacity(int events) {
        conditions.capacity(events);
        return this;
    }

    /** How long a barrier may stay unanswered before the link ends. Default 5 s. */
    public FakeTransport withProbeTimeout(Duration timeout) {
        conditions.probeTimeout(timeout);
        return this;
    }

    /** What {@link #maxMessageBytes} says. */
    public FakeTransport withMaxMessageBytes(int bytes) {
        maxMessageBytes = bytes;
        return this;
    }

    /**
     * What the server does on each arrival, e.g. answer a registration with {@link #receive}. Runs on the sender's
     * thread, before {@code send} returns.
     */
    public FakeTransport withServer(Consumer<EndpointEvent> reaction) {
        server = reaction;
        return this;
    }

    @Override
    public void open(ServerEvents events) {
        if (this.events != null) {
            throw new IllegalStateException("opened twice");
        }
        this.events = events;
        if (connecting) {
            connect();
        }
    }

    @Override
    public int maxMessageBytes() {
        return maxMessageBytes;
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        if (Thread.currentThread().getName().equals(THREAD)) {
            endCurrent("closed by the runner");
            callbacks.shutdown();
            return;
        }
        callbacks.execute(() -> endCurrent("closed by the runner"));
        callbacks.shutdown();
        try {
            if (!callbacks.awaitTermination(5, TimeUnit.SECONDS)) {
                throw new AssertionError("a ServerEvents callback blocks");
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /** Encodes what arrives as it would stand on the wire, see {@link #arrivedEncoded}. Not done otherwise. */
    public FakeTransport withWire(EventEncoder encoder) {
        wire = encoder;
        return this;
    }

    /** What reached the server, as it stands on the wire; only with {@link #withWire}. */
    public EventLog<EncodedEvent> arrivedEncoded() {
        return arrivedEncoded;
    }

    /** The server says something, decoded as a real transport does it; unknown events are ignored. */
    public void receive(String event, String json) {
        new CommandDecoder().decode(event, json).ifPresent(this::receive);
    }

    /** Whether {@link #close} was called. */
    public boolean closed() {
        return closed;
    }

    /** What reached the server, over all connections. */
    public EventLog<EndpointEvent> arrived() {
        return arrived;
    }

    /** A new connection stands. Ends the one before, if there is one. While refusing: a refusal instead. */
    public void connect() {
        later(() -> {
            String refused = refusal;
            if (closed) {
                return;
            }
            if (refused != null) {
                listener().refused(refused);
                retryLater();
                return;
            }
            endCurrent("replaced by a new connection");
            conditions.healthy();
            FakeLink link = new FakeLink(conditions, this::arrive, callbacks, this::ended);
            current.set(link);
            listener().connected(link);
        });
    }

    /** The connection is lost, with all the server has not read; nothing if there is none. */
    public void cut(String reason) {
        FakeLink link = current.get();
        if (link != null) {
            link.drop(reason);
        }
    }

    /** The server answers connection attempts with this refusal from now on; null for no more. */
    public void refusing(@Nullable String reason) {
        refusal = reason;
    }

    /** The server says something on the present connection; nothing if there is none. What it said before the end is heard. */
    public void receive(ServerCommand command) {
        FakeLink link = current.get();
        if (link != null && link.alive()) {
            later(() -> {
                if (link == current.get()) {
                    listener().received(command);
                }
            });
        }
    }

    /** The server reads nothing until {@link #startReading} or the next connection. */
    public void stopReading() {
        conditions.reading(false);
    }

    /** The server reads again: what waited arrives. */
    public void startReading() {
        conditions.reading(true);
        FakeLink link = current.get();
        if (link != null) {
            link.readable();
        }
    }

    /** What is sent arrives, but barriers stay unanswered until {@link #answerBarriers} or the next connection. */
    public void holdBarriers() {
        conditions.answering(false);
    }

    /** Barriers are answered again, those that wait too. */
    public void answerBarriers() {
        conditions.answering(true);
        FakeLink link = current.get();
        if (link != null) {
            link.answer();
        }
    }

    /** What arrives is lost, as with a server whose handlers come late, until {@link #attachHandlers}; see {@link #missed}. */
    public void withoutHandlers() {
        handlers = false;
    }

    /** What arrives from now on is handled. */
    public void attachHandlers() {
        handlers = true;
    }

    /** What reached the server and was lost there. */
    public EventLog<EndpointEvent> missed() {
        return missed;
    }

    private void arrive(EndpointEvent event) {
        if (!handlers) {
            missed.add(event);
            return;
        }
        arrived.add(event);
        EventEncoder encoder = wire;
        if (encoder != null) {
            arrivedEncoded.add(encoder.encode(event, maxMessageBytes + ENVELOPE));
        }
        Consumer<EndpointEvent> reaction = server;
        if (reaction != null) {
            reaction.accept(event);
        }
    }

    /** The link ended by itself: reported once, in order. */
    private void ended(FakeLink link, String reason) {
        later(() -> {
            if (current.compareAndSet(link, null)) {
                listener().disconnected(reason);
                retryLater();
            }
        });
    }

    /** On the callback thread only. */
    private void endCurrent(String reason) {
        FakeLink link = current.getAndSet(null);
        if (link != null) {
            link.end(reason);
            listener().disconnected(reason);
        }
    }

    private void later(Runnable callback) {
        if (!closed) {
            callbacks.execute(callback);
        }
    }

    private void retryLater() {
        if (reconnecting && !closed) {
            var _ = callbacks.schedule(this::connect, RECONNECT_MS, TimeUnit.MILLISECONDS);
        }
    }

    private ServerEvents listener() {
        ServerEvents listener = events;
        if (listener == null) {
            throw new IllegalStateException("not opened yet");
        }
        return listener;
    }
}
