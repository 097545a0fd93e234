package dev.vibe.runner.adapter.websocket;

import dev.vibe.runner.application.port.out.NotConnectedException;
import dev.vibe.runner.domain.EndpointEvent;
import dev.vibe.runner.domain.ServerCommand;
import dev.vibe.runner.protocol.CommandDecoder;
import dev.vibe.runner.protocol.Envelope;
import dev.vibe.runner.protocol.EventEncoder;
import dev.vibe.runner.protocol.FrameLimit;
import dev.vibe.runner.transport.ConnectionProblem;
import dev.vibe.runner.transport.Flow;
import dev.vibe.runner.transport.LinkAttempt;
import dev.vibe.runner.transport.Patience;
import dev.vibe.runner.transport.Signal;
import dev.vibe.runner.transport.Silence;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One connection, from the attempt to its end; a new one is a new object. */
final class Connection extends LinkAttempt {
    private static final Logger LOG = LoggerFactory.getLogger(Connection.class);

    private static final int NORMAL_CLOSURE = 1000;

    /** The server broke the protocol. WebSocket's own code for that, 1002, is one the JDK lets no client send. */
    private static final int BROKEN = 4400;

    private static final int POLICY = 1008;
    private static final int UNAUTHORIZED = 4401;
    private static final long POLITE_CLOSE_MILLIS = 300;

    /** Nothing heard for so long: a ping. */
    private static final Duration QUIET = Duration.ofSeconds(15);

    /** For an answer after a pause of this machine, when the link is probably dead. */
    private static final Duration QUICK = Duration.ofMillis(1_500);

    private static final Duration QUICK_TICK = Duration.ofMillis(100);

    /** With more waiting than this, acknowledgements of commands wait too, and one stands for many. */
    private static final long CROWDED = 64 * 1024;

    private static final Envelope ENVELOPE = new Envelope("{\"event\":\"", "\",\"data\":", "}");
    private static final byte[] EVENT = ENVELOPE.before().getBytes(StandardCharsets.UTF_8);

    private final Http http;
    private final EventEncoder encoder;
    private final CommandDecoder decoder;
    private final Patience patience;
    private final Duration timeout;
    private final Silence silence; // the transport's thread only
    private final Liveness liveness;
    private final Outgoing outgoing = new Outgoing(this::end);
    private final Receipts receipts = new Receipts();
    private final Flow flow = new Flow(this::enqueue, this::question, System::nanoTime);
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile java.net.http.@Nullable WebSocket webSocket; // written by the reader before the connection stands
    private volatile FrameLimit limit = FrameLimit.DEFAULT; // written by the reader
    private volatile boolean tooSmall; // said once
    private boolean badAck; // said once; the reader's
    private volatile Resume resume = Resume.NOTHING; // written by the reader before the registration is reported
    private volatile int closeCode = NORMAL_CLOSURE; // written by the reader before the end
    private final AtomicLong received = new AtomicLong(); // event frames of the server
    private final AtomicLong acknowledged = new AtomicLong(); // of them, to the server

    Connection(Http http, EventEncoder encoder, CommandDecoder decoder, Patience patience) {
        this.http = http;
        this.encoder = encoder;
        this.decoder = decoder;
        this.patience = patience;
        timeout = patience.now();
        Duration hurry = QUICK.compareTo(timeout) < 0 ? QUICK : timeout;
        silence = new Silence(timeout, hurry);
        liveness = new Liveness(QUIET, timeout, hurry, System.nanoTime());
    }

    // --- for the application

    @Override
    public void send(EndpointEvent event) throws NotConnectedException, InterruptedException {
        if (resume.covers(event)) {
            return;
        }
        flow.send(frame(event));
    }

    @Override
    public boolean offer(EndpointEvent event) throws NotConnectedException {
        if (resume.covers(event)) {
            return true;
        }
        if (!flow.hasRoom()) {
            return false;
        }
        flow.sendAtOnce(frame(event));
        return true;
    }

    @Override
    public CompletionStage<Void> barrier() {
        CompletionStage<Void> barrier = super.barrier();
        settle(); // all may be acknowledged already, and then nothing more comes
        return barrier;
    }

    // --- for the transport's thread

    @Override
    protected Flow flow() {
        return flow;
    }

    @Override
    protected void connect() {
        http.connect(new Listener(this));
    }

    @Override
    protected int maxMessageBytes() {
        return limit.message();
    }

    @Override
    protected Duration tick(Duration usual) {
        boolean soon = silence.hurrying() || liveness.hurrying();
        return soon && QUICK_TICK.compareTo(usual) < 0 ? QUICK_TICK : usual;
    }

    @Override
    protected void watch() {
        if (ended()) {
            return;
        }
        acknowledge();
        long now = System.nanoTime();
        if (backlog()) {
            silence.excuse(now);
        }
        long owed = flow.owed();
        boolean mute = silence.tooLong(owed, flow.nearer(outgoing.queued()), now);
        // A ping waits behind what a slow server has yet to read; while something is owed, that is watched instead.
        if (mute || (owed == 0 && liveness.dead(now))) {
            patience.exhausted();
            end("the server gave no answer for " + timeout.toMillis() + " ms");
        } else if (liveness.pingDue(now)) {
            ping(false);
        }
    }

    @Override
    protected void suspect() {
        ping(true);
        silence.hurry(flow.owed(), System.nanoTime());
    }

    @Override
    protected void disconnect() throws InterruptedException {
        outgoing.end();
        java.net.http.WebSocket open = webSocket;
        if (open == null) {
            if (closed.getCount() > 0) {
                http.unanswered(); // should it open yet, its listener ends it
            }
            return;
        }
        try {
            var _ = open.sendClose(closeCode, "");
            if (!closed.await(POLITE_CLOSE_MILLIS, TimeUnit.MILLISECONDS)) {
                LOG.debug("the connection was not closed in time, it is cut");
            }
        } finally {
            open.abort();
        }
    }

    // --- for the reader

    void opened(java.net.http.WebSocket opened) {
        webSocket = opened;
        if (ended()) {
            opened.abort();
            return;
        }
        liveness.heard(System.nanoTime());
        outgoing.begin(opened);
        put(new Signal.Connected());
    }

    void heard() {
        liveness.heard(System.nanoTime());
    }

    void answered() {
        liveness.answered(System.nanoTime());
    }

    void message(String text) {
        switch (Frame.parse(text)) {
            case Frame.Event(var name, var data) -> event(name, data);
            case Frame.Ack(var count) -> {
                if (receipts.acknowledge(count)) {
                    settle();
                } else {
                    closeCode = BROKEN;
                    end("the server acknowledged more than was sent");
                }
            }
            case Frame.BadAck() -> {
                if (!badAck) {
                    badAck = true;
                    LOG.warn(
                            "the server's acknowledgement is no whole number, and does not count: what is not acknowledged is sent again");
                }
            }
            case Frame.Hello(var maxPayload) -> limit = Limits.frame(maxPayload);
            case Frame.Other() -> LOG.debug("ignored a message of {} characters", text.length());
        }
    }

    void refused(String reason) {
        put(new Signal.Refused(reason));
        over("refused: " + reason);
    }

    void closing(int code, String reason) {
        if (code == UNAUTHORIZED || code == POLICY) {
            // On a connection that stood already a refusal comes as the protocol's own event for it.
            String number = "closed with code " + code;
            String words = reason.isBlank() ? number : code == UNAUTHORIZED ? number + ": " + reason : reason;
            decode("error", "{\"message\":" + Limits.quoted(words) + "}");
        }
        over(ConnectionProblem.closed(code));
    }

    /** Before the end is: whoever deals with it knows then that something came of the attempt. */
    void over(String reason) {
        closed.countDown();
        end(reason);
    }

    private void event(String name, String data) {
        decode(name, data);
        received.incrementAndGet();
        acknowledge();
    }

    private void decode(String name, String data) {
        ServerCommand command = decoder.decode(name, data).orElse(null);
        if (command == null) {
            LOG.debug("ignored an unknown event");
            return;
        }
        if (command instanceof ServerCommand.Registered registered) {
            resume = new Resume(registered.newest());
        }
        put(new Signal.Received(command), data.length());
    }

    // --- for several

    private void acknowledge() {
        long count = received.get();
        long before = acknowledged.get();
        if (count > before && outgoing.queued() < CROWDED && acknowledged.compareAndSet(before, count)) {
            flow.sendNow("{\"ack\":" + count + "}");
        }
    }

    private void settle() {
        for (long owed = flow.owed(); owed != 0 && receipts.answered(owed); owed = flow.owed()) {
            patience.answered();
            flow.answered(owed);
        }
    }

    private void ping(boolean inAHurry) {
        liveness.pinged(inAHurry, System.nanoTime());
        outgoing.ping();
    }

    private @Nullable String question(long questionsBefore) {
        receipts.ask(questionsBefore + 1);
        return null; // nothing need be asked: a server acknowledges by itself
    }

    private boolean enqueue(byte[] frame) {
        if (Arrays.mismatch(frame, EVENT) == EVENT.length) {
            receipts.sentOne();
        }
        return outgoing.put(frame);
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
}
