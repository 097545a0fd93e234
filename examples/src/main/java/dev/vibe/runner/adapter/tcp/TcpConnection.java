package dev.vibe.runner.adapter.tcp;

import dev.vibe.runner.application.port.out.NotConnectedException;
import dev.vibe.runner.domain.EndpointEvent;
import dev.vibe.runner.protocol.CommandDecoder;
import dev.vibe.runner.protocol.Envelope;
import dev.vibe.runner.protocol.EventEncoder;
import dev.vibe.runner.transport.ConnectionProblem;
import dev.vibe.runner.transport.Flow;
import dev.vibe.runner.transport.LinkAttempt;
import dev.vibe.runner.transport.LinkTiming;
import dev.vibe.runner.transport.Signal;
import dev.vibe.runner.transport.Silence;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;

/** One connection, from the attempt to its end. */
final class TcpConnection extends LinkAttempt {
    static final int MAX_PAYLOAD = 1_000_000;
    static final int MAX_MESSAGE = MAX_PAYLOAD - 2_048; // ids, type and seq stand beside the message
    private static final Envelope ENVELOPE = new Envelope("", " ", "");
    private static final int MAX_INCOMING = 16 * 1024 * 1024;
    private static final Duration QUIET = Duration.ofSeconds(15);
    private static final Duration HURRY = Duration.ofMillis(1_500);

    private final InetSocketAddress server;
    private final String token;
    private final LinkTiming timing;
    private final EventEncoder encoder;
    private final CommandDecoder decoder;
    private final Socket socket = new Socket();
    private final TcpWriter writer = new TcpWriter(socket, this::end);
    private final Flow flow = new Flow(writer::put, before -> "ask " + (before + 1), System::nanoTime);
    private final Silence silence; // the transport's thread only
    private volatile long heard = System.nanoTime(); // written by the reader

    TcpConnection(
            InetSocketAddress server, String token, LinkTiming timing, EventEncoder encoder, CommandDecoder decoder) {
        this.server = server;
        this.token = token;
        this.timing = timing;
        this.encoder = encoder;
        this.decoder = decoder;
        Duration timeout = timing.probeTimeout();
        silence = new Silence(timeout, HURRY.compareTo(timeout) < 0 ? HURRY : timeout);
    }

    @Override
    public void send(EndpointEvent event) throws NotConnectedException, InterruptedException {
        flow.send(encoder.frame(event, MAX_PAYLOAD, ENVELOPE));
    }

    @Override
    protected Flow flow() {
        return flow;
    }

    @Override
    protected void connect() {
        Thread reader = new Thread(this::read, "tcp-reader");
        reader.setDaemon(true);
        reader.start();
    }

    @Override
    protected int maxMessageBytes() {
        return MAX_MESSAGE;
    }

    @Override
    protected void watch() {
        if (silence.tooLong(flow.owed(), flow.nearer(writer.queued()), System.nanoTime())) {
            end("the server gave no answer for " + timing.probeTimeout().toMillis() + " ms");
        } else if (System.nanoTime() - heard > QUIET.toNanos()) {
            flow.check();
        }
    }

    @Override
    protected void suspect() {
        flow.check();
        silence.hurry(flow.owed(), System.nanoTime());
    }

    @Override
    protected void disconnect() {
        writer.close();
        try {
            socket.close();
        } catch (IOException gone) {
            // that was the aim
        }
    }

    private void read() {
        try (DataInputStream in = open()) {
            while (!ended()) {
                int length = in.readInt();
                if (length < 0 || length > MAX_INCOMING) {
                    throw new IOException("a frame of " + length + " bytes");
                }
                String frame = new String(in.readNBytes(length), java.nio.charset.StandardCharsets.UTF_8);
                heard = System.nanoTime();
                int space = frame.indexOf(' ');
                received(space < 0 ? frame : frame.substring(0, space), space < 0 ? "" : frame.substring(space + 1));
            }
        } catch (EOFException over) {
            end("the server closed the connection");
        } catch (IOException failure) {
            end("the connection failed: " + ConnectionProblem.describe(failure));
        }
    }

    private DataInputStream open() throws IOException {
        socket.setTcpNoDelay(true);
        socket.connect(server, (int) timing.connectTimeout().toMillis());
        writer.begin();
        flow.sendNow("hello " + token);
        return new DataInputStream(new java.io.BufferedInputStream(socket.getInputStream()));
    }

    private void received(String name, String rest) {
        switch (name) {
            case "welcome" -> put(new Signal.Connected());
            case "refused" -> {
                put(new Signal.Refused(rest));
                end("refused: " + rest);
            }
            case "answered" -> flow.answered(Long.parseLong(rest));
            default -> decoder.decode(name, rest).ifPresent(command -> put(new Signal.Received(command)));
        }
    }
}
