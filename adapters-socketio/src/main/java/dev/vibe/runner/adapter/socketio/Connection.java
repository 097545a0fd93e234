package dev.vibe.runner.adapter.socketio;

import dev.vibe.runner.application.port.out.Link;
import dev.vibe.runner.application.port.out.NotConnectedException;
import dev.vibe.runner.domain.EndpointEvent;
import dev.vibe.runner.protocol.CommandDecoder;
import dev.vibe.runner.protocol.EncodedEvent;
import dev.vibe.runner.protocol.EventEncoder;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import okhttp3.WebSocket;
import okio.Utf8;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection, from the attempt to its end; a new one is a new object. Events are written as frames on OkHttp's
 * WebSocket itself, whose queue is one, ordered and measurable, instead of through the library's three unbounded ones.
 */
final class Connection implements Link {
    private static final Logger LOG = LoggerFactory.getLogger(Connection.class);

    /** Commands that wait for the transport's thread; then the server's own sending is held back. */
    private static final int INBOX = 256;

    private static final long POLITE_CLOSE_MILLIS = 300;

    private final EventEncoder encoder;
    private final CommandDecoder decoder;
    private final String probeNamespace;
    private final Silence silence;
    private final Library library;
    private final BlockingQueue<Signal> inbox = new ArrayBlockingQueue<>(INBOX);
    private final Flow flow;
    private final AtomicReference<@Nullable String> endReason = new AtomicReference<>();
    private final CountDownLatch socketClosed = new CountDownLatch(1);
    private volatile int maxFrame = Limits.DEFAULT_FRAME; // written by the reader thread before the connection stands

    Connection(
            SocketIoSettings settings,
            Http http,
            EventEncoder encoder,
            CommandDecoder decoder,
            String probeNamespace) {
        this.encoder = encoder;
        this.decoder = decoder;
        this.probeNamespace = probeNamespace;
        silence = new Silence(settings.probeTimeout());
        // Two names in turn: a server with dynamic namespaces forgets one we leave only a moment later, and closes the
        // connection of a client that joins it again within that moment.
        flow = new Flow(this::enqueue, n -> "40" + probeNamespace + n % 2 + ",");
        library = new Library(settings, http, this);
    }

    // --- for the application

    @Override
    public void send(EndpointEvent event) throws NotConnectedException, InterruptedException {
        flow.send(frame(event));
    }

    @Override
    public CompletionStage<Void> barrier() {
        return flow.barrier();
    }

    @Override
    public void drop(String reason) {
        end(reason);
    }

    // --- for the transport's thread

    void connect() {
        library.connect();
    }

    /** The next signal, in order; null when none came in time. After the end: what came before it, then null. */
    @Nullable Signal next(Duration wait) throws InterruptedException {
        return inbox.poll(ended() ? 0 : wait.toNanos(), TimeUnit.NANOSECONDS);
    }

    boolean ended() {
        return endReason.get() != null;
    }

    String endReason() {
        String reason = endReason.get();
        return reason == null ? "not ended" : reason;
    }

    int maxFrame() {
        return maxFrame;
    }

    /** Ends the connection when the server owes an answer for too long. */
    void watch(Duration probeTimeout) {
        WebSocket webSocket = library.webSocket();
        if (webSocket != null
                && silence.tooLong(flow.owed(), flow.sent() - webSocket.queueSize(), System.nanoTime())) {
            end("the server gave no answer for " + probeTimeout.toMillis() + " ms");
        }
    }

    /** Fails the barriers, and closes the socket: politely, and when that takes too long by force. */
    void dispose() throws InterruptedException {
        flow.failBarriers(endReason());
        library.disconnect();
        try {
            if (!socketClosed.await(POLITE_CLOSE_MILLIS, TimeUnit.MILLISECONDS)) {
                LOG.debug("the connection was not closed in time, it is cut");
            }
        } finally {
            WebSocket webSocket = library.webSocket();
            if (webSocket != null) {
                webSocket.cancel();
            }
        }
    }

    // --- for the reader thread

    void handshake(String text) {
        maxFrame = Limits.frame(text);
    }

    void joined() {
        put(new Signal.Connected());
    }

    void refused(String reason) {
        put(new Signal.Refused(reason));
        end("refused: " + reason);
    }

    void event(String text) {
        EventFrame frame = EventFrame.parse(text);
        if (frame == null) {
            LOG.debug("ignored an event of {} characters that cannot be read", text.length());
            return;
        }
        decoder.decode(frame.name(), frame.payload())
                .ifPresentOrElse(
                        command -> put(new Signal.Received(command)),
                        () -> LOG.debug("ignored the unknown event {}", Refusals.oneLine(frame.name())));
        if (frame.ackId() != null) {
            flow.sendNow("43" + frame.ackId() + "[]");
        }
    }

    void probeAnswered(String text) {
        int end = 2 + probeNamespace.length() + 1;
        if (!text.startsWith(probeNamespace, 2) || text.length() < end) {
            return;
        }
        if (text.charAt(1) == '0') { // a server with dynamic namespaces let us in: as good an answer
            flow.sendNow("41" + text.substring(2, end) + ",");
        }
        flow.answered();
    }

    void closed(String reason) {
        end(reason);
        socketClosed.countDown();
    }

    // --- for anyone

    /** Ends the connection; the first reason counts. The transport's thread does the rest. */
    void end(String reason) {
        if (endReason.compareAndSet(null, reason)) {
            flow.end(reason);
            var _ = inbox.offer(new Signal.Wake()); // a full inbox wakes it as well
        }
    }

    private String frame(EndpointEvent event) {
        int limit = maxFrame;
        String frame = frame(event, Limits.payload(limit));
        if (frame.length() > limit / 3 && Utf8.size(frame) > limit) {
            LOG.error("{} is encoded longer than it may be, it is shortened", event.getClass().getSimpleName());
            frame = frame(event, Limits.payload(limit) / 2);
        }
        return frame;
    }

    private String frame(EndpointEvent event, int maxPayload) {
        EncodedEvent encoded = encoder.encode(event, maxPayload);
        return "42[\"" + encoded.name() + "\"," + encoded.json() + "]";
    }

    /** Puts a frame into OkHttp's queue; OkHttp refuses only on a connection that closes. */
    private boolean enqueue(String frame) {
        WebSocket webSocket = library.webSocket();
        boolean taken = webSocket != null && webSocket.send(frame);
        if (!taken) {
            end("the connection takes no more");
        }
        return taken;
    }

    /** Hands a signal to the transport's thread; waits while it is busy, which holds the server back. */
    private void put(Signal signal) {
        try {
            while (!ended() && !inbox.offer(signal, 100, TimeUnit.MILLISECONDS)) {
                LOG.debug("the server sends faster than its commands are taken");
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            end("interrupted");
        }
    }
}
