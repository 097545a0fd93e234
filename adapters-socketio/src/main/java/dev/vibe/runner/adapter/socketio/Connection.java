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
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import okhttp3.OkHttpClient;
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

    /** Enough to keep a fast network busy; with one more frame far below OkHttp's limit of 16 MiB. */
    private static final long FULL_BYTES = 1024 * 1024;

    /** Commands that wait for the transport's thread; then the server's own sending is held back. */
    private static final int INBOX = 256;

    private static final Duration SHORTEST_WAIT = Duration.ofNanos(200_000);
    private static final Duration LONGEST_WAIT = Duration.ofMillis(10);
    private static final long POLITE_CLOSE_MILLIS = 300;

    private final EventEncoder encoder;
    private final CommandDecoder decoder;
    private final String probeNamespace;
    private final Silence silence;
    private final Library library;
    private final BlockingQueue<Signal> inbox = new ArrayBlockingQueue<>(INBOX);
    private final Barriers barriers = new Barriers(this::sendProbe);
    private final ReentrantLock gate = new ReentrantLock(); // makes "is there room" and "enqueue" one step
    private final AtomicReference<@Nullable String> endReason = new AtomicReference<>();
    private final CountDownLatch socketClosed = new CountDownLatch(1);
    private volatile int maxFrame = Limits.DEFAULT_FRAME; // written by the reader thread before the connection stands
    private final AtomicLong enqueued = new AtomicLong(); // characters

    Connection(
            SocketIoSettings settings,
            OkHttpClient client,
            EventEncoder encoder,
            CommandDecoder decoder,
            String probeNamespace) {
        this.encoder = encoder;
        this.decoder = decoder;
        this.probeNamespace = probeNamespace;
        silence = new Silence(settings.probeTimeout());
        library = new Library(settings, client, this);
    }

    // --- for the application

    @Override
    public void send(EndpointEvent event) throws NotConnectedException, InterruptedException {
        String frame = frame(event);
        Duration wait = SHORTEST_WAIT;
        while (!enqueued(frame)) {
            // OkHttp does not tell when its queue drains; 1 MiB lasts far longer than the first waits.
            Thread.sleep(wait);
            wait = wait.compareTo(LONGEST_WAIT) < 0 ? wait.multipliedBy(2) : LONGEST_WAIT;
        }
    }

    @Override
    public CompletionStage<Void> barrier() {
        return barriers.add();
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
                && silence.tooLong(barriers.pending(), enqueued.get() - webSocket.queueSize(), System.nanoTime())) {
            end("the server gave no answer for " + probeTimeout.toMillis() + " ms");
        }
    }

    /** Fails the barriers, and closes the socket: politely, and when that takes too long by force. */
    void dispose() throws InterruptedException {
        barriers.end(endReason());
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
            enqueue("43" + frame.ackId() + "[]");
        }
    }

    void probeAnswered(String text) {
        if (!text.startsWith(probeNamespace, 2)) {
            return;
        }
        if (text.charAt(1) == '0') { // a server with dynamic namespaces let us in: as good an answer
            enqueue("41" + probeNamespace + ",");
        }
        barriers.answered();
    }

    void closed(String reason) {
        end(reason);
        socketClosed.countDown();
    }

    // --- for anyone

    /** Ends the connection; the first reason counts. The transport's thread does the rest. */
    void end(String reason) {
        if (endReason.compareAndSet(null, reason)) {
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

    private void sendProbe() {
        enqueue("40" + probeNamespace + ",");
    }

    /** Enqueues a frame of the adapter's own, a few bytes; whether there is room or not. */
    private void enqueue(String frame) {
        WebSocket webSocket = library.webSocket();
        if (webSocket == null || !webSocket.send(frame)) {
            end("the connection takes no more");
        }
    }

    /** False when there is no room at the moment; sends nothing then. */
    private boolean enqueued(String frame) throws NotConnectedException, InterruptedException {
        gate.lockInterruptibly();
        try {
            String reason = endReason.get();
            WebSocket webSocket = library.webSocket();
            if (reason != null || webSocket == null) {
                throw new NotConnectedException(String.valueOf(reason));
            }
            if (webSocket.queueSize() > FULL_BYTES) {
                return false;
            }
            if (!webSocket.send(frame)) {
                end("the connection takes no more");
                throw new NotConnectedException("the connection takes no more");
            }
            enqueued.addAndGet(frame.length());
            return true;
        } finally {
            gate.unlock();
        }
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
