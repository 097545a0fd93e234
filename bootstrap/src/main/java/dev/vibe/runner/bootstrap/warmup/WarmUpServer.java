package dev.vibe.runner.bootstrap.warmup;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A server that has some sessions with a runner and is over: it listens on 127.0.0.1 until the first connection comes, which has a
 * thread of its own, and takes no other. It knows no token; what it hears it forgets.
 */
public final class WarmUpServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(WarmUpServer.class);
    private static final int STACK_BYTES = 256 * 1024;

    private final Wire wire;
    private final int shortSessions;
    private final Duration patience;
    private final ServerSocket listening;
    private final CompletableFuture<Boolean> over = new CompletableFuture<>();

    private WarmUpServer(Wire wire, int shortSessions, Duration patience) throws IOException {
        this.wire = wire;
        this.shortSessions = shortSessions;
        this.patience = patience;
        listening = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    }

    /**
     * For the Socket.IO transport.
     *
     * @param shortSessions how many follow the long one
     * @param patience how long it waits for a connection, and then for each frame
     * @throws IOException where nothing can listen on 127.0.0.1
     */
    public static WarmUpServer socketIo(int shortSessions, Duration patience) throws IOException {
        return new WarmUpServer(new SocketIoWire(), shortSessions, patience).begin();
    }

    /** As {@link #socketIo}, for the plain WebSocket transport. */
    public static WarmUpServer webSocket(int shortSessions, Duration patience) throws IOException {
        return new WarmUpServer(new PlainWire(), shortSessions, patience).begin();
    }

    private WarmUpServer begin() {
        Thread.ofPlatform()
                .name("warm-up-server")
                .daemon()
                .stackSize(STACK_BYTES)
                .start(this::serve);
        return this;
    }

    /** Where it listens. */
    public URI uri() {
        return URI.create("http://127.0.0.1:" + listening.getLocalPort());
    }

    /** Says nothing more; whoever waits in {@link #awaitEnd} goes on. Never blocks. */
    public void stop() {
        over.complete(false);
    }

    /**
     * Waits until the sessions have ended, or {@link #stop} is called, for {@code atMost} at the longest.
     *
     * @return whether they ended as they should
     */
    public boolean awaitEnd(Duration atMost) throws InterruptedException {
        try {
            return over.get(atMost.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException late) {
            return false;
        } catch (ExecutionException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private void serve() {
        try {
            listening.setSoTimeout((int) patience.toMillis());
            try (Socket socket = listening.accept()) {
                listening.close();
                socket.setTcpNoDelay(true);
                socket.setSoTimeout((int) patience.toMillis());
                converse(new FramedSocket(socket));
            }
        } catch (IOException cut) {
            LOG.debug("the warm-up was cut: {}", cut.toString());
        } finally {
            stop();
        }
    }

    private void converse(FramedSocket runner) throws IOException {
        Script script = new Script(shortSessions);
        runner.write(wire.welcome());
        for (String frame = runner.read(); frame != null; frame = runner.read()) {
            String answer = wire.answer(frame);
            if (answer != null) {
                runner.write(answer);
            }
            if (over.isDone()) {
                continue; // but answers: the runner is to be told that all has arrived
            }
            for (Script.Cue cue : script.after(frame)) {
                runner.write(wire.event(cue.name(), cue.payload()));
            }
            if (script.over()) {
                over.complete(script.complete());
            }
        }
    }

    @Override
    public void close() throws IOException {
        stop();
        listening.close();
    }
}
