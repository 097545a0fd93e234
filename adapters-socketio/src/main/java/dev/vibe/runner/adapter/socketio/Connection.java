package dev.vibe.runner.adapter.socketio;

import dev.vibe.runner.adapter.socketio.Confirming.Way;
import dev.vibe.runner.application.port.out.NotConnectedException;
import dev.vibe.runner.domain.EndpointEvent;
import dev.vibe.runner.domain.ServerCommand;
import dev.vibe.runner.protocol.CommandDecoder;
import dev.vibe.runner.protocol.Envelope;
import dev.vibe.runner.protocol.EventEncoder;
import dev.vibe.runner.protocol.FrameLimit;
import dev.vibe.runner.transport.Flow;
import dev.vibe.runner.transport.LinkAttempt;
import dev.vibe.runner.transport.Patience;
import dev.vibe.runner.transport.Signal;
import dev.vibe.runner.transport.Silence;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection, from the attempt to its end; a new one is a new object. Events are written as frames on the
 * WebSocket itself, whose queue is one, ordered and measurable, instead of through the library's three unbounded ones.
 */
final class Connection extends LinkAttempt {
    private static final Logger LOG = LoggerFactory.getLogger(Connection.class);

    private static final long POLITE_CLOSE_MILLIS = 300;

    /** For the answer to a probe after a pause of this machine, when the link is probably dead. */
    private static final Duration QUICK = Duration.ofMillis(1_500);

    private static final Duration QUICK_TICK = Duration.ofMillis(100);

    private static final Envelope ENVELOPE = new Envelope("42[\"", "\",", "]");

    /** The probe that each connection begins with, before anything else. */
    private static final char FIRST = 'f';

    private final EventEncoder encoder;
    private final CommandDecoder decoder;
    private final String probeNamespace;
    private final Confirming confirming;
    private final Patience patience;
    private final Duration timeout;
    private final Silence silence;
    private final ServerPings pings = new ServerPings();
    private final Library library;
    private final Flow flow;
    private final CountDownLatch socketClosed = new CountDownLatch(1);
    private volatile FrameLimit limit = FrameLimit.DEFAULT; // written by the reader thread before the connection stands
    private volatile boolean answersProbes; // written by the reader thread
    private volatile boolean
            heard; // written by the reader thread: the server has answered what followed the first probe
    private volatile boolean answers; // written by the reader thread: in the present way
    private volatile boolean tooSmall; // said once
    /** Who puts something in line now and flushes after it; never under the flow's lock, since a write may wait. */
    private volatile @Nullable Thread flushing;

    private volatile @Nullable String heartbeat; // written by a sender: what a callback may be asked with

    Connection(
            SocketIoSettings settings,
            Http http,
            EventEncoder encoder,
            CommandDecoder decoder,
            String probeNamespace,
            Confirming confirming,
            Patience patience) {
        this.encoder = encoder;
        this.decoder = decoder;
        this.probeNamespace = probeNamespace;
        this.confirming = confirming;
        this.patience = patience;
        timeout = patience.now();
        silence = new Silence(timeout, QUICK.compareTo(timeout) < 0 ? QUICK : timeout);
        flow = new Flow(this::enqueue, this::question, System::nanoTime);
        library = new Library(settings, http, this);
    }

    // --- for the application

    @Override
    public void send(EndpointEvent event) throws NotConnectedException, InterruptedException {
        if (event instanceof EndpointEvent.Register register) {
            heartbeat = encoder.encode(new EndpointEvent.Heartbeat(register.endpointId()), limit.payload())
                    .json();
        }
        flow.send(frame(event));
    }

    @Override
    public boolean offer(EndpointEvent event) throws NotConnectedException {
        if (event instanceof EndpointEvent.Register || !flow.hasRoom()) {
            return false;
        }
        byte[] frame = frame(event);
        flushing = Thread.currentThread();
        try {
            flow.sendAtOnce(frame);
        } finally {
            flushing = null;
        }
        return true;
    }

    @Override
    public CompletionStage<Void> barrier() {
        flushing = Thread.currentThread();
        try {
            return super.barrier();
        } finally {
            flushing = null;
            flush();
        }
    }

    @Override
    public void flush() {
        FrameSocket webSocket = library.webSocket();
        if (webSocket == null) {
            return;
        }
        if (little()) {
            webSocket.flush();
        } else {
            webSocket.push();
        }
    }

    // --- for the transport's thread

    @Override
    protected Flow flow() {
        return flow;
    }

    @Override
    protected void connect() {
        library.connect();
    }

    @Override
    protected int maxMessageBytes() {
        return limit.message();
    }

    @Override
    protected Duration tick(Duration usual) {
        // Where what was written counts, only a look tells that it was: the pace of such looks is that of the link, and
        // one that is
        // cut every second or two would else repeat the same lines for ever.
        boolean soon = silence.hurrying() || confirming.way() == Way.WRITTEN;
        return soon && QUICK_TICK.compareTo(usual) < 0 ? QUICK_TICK : usual;
    }

    /** Ends the connection when the server owes an answer for too long, or finds another way to ask. */
    @Override
    protected void watch() {
        FrameSocket webSocket = library.webSocket();
        if (webSocket == null || ended()) {
            return;
        }
        long now = System.nanoTime();
        if (backlog()) {
            silence.excuse(now);
            pings.heard(now);
        }
        if (pings.missed(now)) {
            end("the server pings no more");
            return;
        }
        long queued = webSocket.queueSize();
        Way way = confirming.way();
        if (way == Way.WRITTEN && flow.written(queued)) {
            flow.answered();
        }
        if (!silence.tooLong(flow.owed(), flow.nearer(queued), now)) {
            return;
        }
        // What followed the first probe was answered, and the server answers in order: so it is not dead but mute.
        boolean mute = heard && !answersProbes && !answers && !silence.hurrying();
        if (mute && confirming.unanswered(way)) {
            flow.askAnew();
        } else {
            patience.exhausted();
            end("the server gave no answer for " + timeout.toMillis() + " ms");
        }
    }

    @Override
    protected void suspect() {
        if (confirming.way() == Way.WRITTEN) {
            end("this machine was paused, and the server cannot be asked whether it is still there");
            return;
        }
        flow.check();
        silence.hurry(flow.owed(), System.nanoTime());
        pings.heard(System.nanoTime()); // nobody heard those of the pause
    }

    @Override
    protected void disconnect() throws InterruptedException {
        try {
            library.disconnect(); // starts a thread, which the system may refuse
            if (!socketClosed.await(POLITE_CLOSE_MILLIS, TimeUnit.MILLISECONDS)) {
                LOG.debug("the connection was not closed in time, it is cut");
            }
        } finally {
            FrameSocket webSocket = library.webSocket();
            if (webSocket != null) {
                webSocket.cancel();
            }
        }
    }

    // --- for the reader thread

    void handshake(String text, Duration patienceForPings) {
        limit = Limits.frame(text);
        pings.expect(patienceForPings, System.nanoTime());
    }

    /** Anything came. */
    void arrived() {
        pings.heard(System.nanoTime());
    }

    void joined() {
        flow.sendNow(probe(FIRST));
        put(new Signal.Connected());
    }

    void refused(String reason) {
        put(new Signal.Refused(reason));
        end("refused: " + reason);
    }

    void event(String text) {
        event(EventFrame.parse(text), text.length());
    }

    /** An event with attachments, which follow in frames of their own that nobody waits for. */
    void binaryEvent(String text) {
        event(EventFrame.parseBinary(text), text.length());
    }

    private void event(@Nullable EventFrame frame, int length) {
        if (frame == null) {
            LOG.debug("ignored an event of {} characters that cannot be read", length);
            return;
        }
        decoder.decode(frame.name(), frame.payload())
                .ifPresentOrElse(
                        command -> {
                            if (command instanceof ServerCommand.Registered) {
                                heard = true;
                            }
                            put(new Signal.Received(command), frame.payload().length());
                        },
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
        char name = text.charAt(end - 1);
        answersProbes = true;
        if (confirming.answered(Way.PROBE)) {
            flow.askAnew();
        } else if (name != FIRST && flow.owed() % 2 == name - '0') {
            patience.answered();
            flow.answered();
        }
    }

    /** {@code 4313[...]}: the answer to a heartbeat with a callback. */
    void calledBack(String text) {
        if (confirming.way() == Way.CALLBACK && text.startsWith("43" + flow.owed() + "[")) {
            answers = true;
            confirming.answered(Way.CALLBACK);
            patience.answered();
            flow.answered();
        }
    }

    void failed(String reason) {
        end(reason);
    }

    boolean over() {
        return ended();
    }

    void closed(String reason) {
        end(reason);
        socketClosed.countDown();
    }

    private @Nullable String question(long probesBefore) {
        long number = probesBefore + 1;
        String beat = heartbeat;
        return switch (confirming.way()) {
            // Two names in turn: a server with dynamic namespaces forgets one we leave only a moment later, and closes
            // the connection of a client that joins it again within that moment.
            case PROBE -> probe((char) ('0' + number % 2));
            case CALLBACK -> beat == null ? null : "42" + number + "[\"endpoint:heartbeat\"," + beat + "]";
            case WRITTEN -> null;
        };
    }

    private String probe(char name) {
        return "40" + probeNamespace + name + ",";
    }

    private byte[] frame(EndpointEvent event) {
        FrameLimit now = limit;
        byte[] frame = now.frame(encoder, event, ENVELOPE);
        if (frame.length > now.bytes() && !tooSmall) {
            tooSmall = true;
            LOG.error(
                    "the server takes messages of {} bytes at most, {} needs {}: it will close the connection (its maxPayload or maxHttpBufferSize)",
                    now.bytes(),
                    event.getClass().getSimpleName(),
                    frame.length);
        }
        return frame;
    }

    /** Puts a frame in line, at once; refused only on a connection that closes. Called under the flow's lock. */
    private boolean enqueue(byte[] frame) {
        FrameSocket webSocket = library.webSocket();
        if (webSocket == null) {
            return false;
        }
        boolean taken = flushing == Thread.currentThread() ? webSocket.gather(frame) : webSocket.send(frame);
        if (!taken) {
            end("the connection takes no more");
        }
        return taken;
    }

    /**
     * Whether so little in all is on its way that it is in the system's buffer at worst, and has room there. Where the server tells
     * in no way what it has, nobody knows.
     */
    private boolean little() {
        return confirming.way() != Way.WRITTEN && flow.unconfirmed() < TunedSockets.SEND_BUFFER / 4;
    }
}
