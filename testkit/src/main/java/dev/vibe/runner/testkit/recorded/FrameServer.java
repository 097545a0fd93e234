package dev.vibe.runner.testkit.recorded;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.java_websocket.WebSocket;
import org.java_websocket.handshake.ClientHandshake;
import org.java_websocket.server.WebSocketServer;
import org.jspecify.annotations.Nullable;

/** A WebSocket server on 127.0.0.1 that knows nothing of what is said. It answers no ping of Engine.IO either. */
final class FrameServer extends WebSocketServer implements AutoCloseable {
    private static final int DROPPED = 1006;

    private final Listener listener;
    private final CountDownLatch started = new CountDownLatch(1);
    private volatile @Nullable Exception failure;

    /** Told what runners do; on threads of the server, one at a time for each connection. */
    interface Listener {
        void opened(WebSocket runner, ClientHandshake request);

        void said(WebSocket runner, String frame);

        /** A connection has ended; {@code byRunner} is false when this server closed it. */
        void closed(WebSocket runner, int code, boolean byRunner);
    }

    FrameServer(Listener listener) {
        super(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1);
        this.listener = listener;
        setReuseAddr(true);
        setTcpNoDelay(true);
        setConnectionLostTimeout(0);
        setDaemon(true);
    }

    /** Returns when it listens. */
    FrameServer begin() throws InterruptedException {
        start();
        if (!started.await(10, TimeUnit.SECONDS)) {
            throw new IllegalStateException("the frame server does not start", failure);
        }
        return this;
    }

    URI uri() {
        return URI.create("http://127.0.0.1:" + getPort());
    }

    /** Closes a connection as a recording says. */
    static void close(WebSocket connection, int code) {
        if (code == DROPPED) {
            connection.closeConnection(DROPPED, "");
        } else {
            connection.close(code == 1005 ? 1000 : code);
        }
    }

    @Override
    public void onStart() {
        started.countDown();
    }

    @Override
    public void onOpen(WebSocket runner, ClientHandshake request) {
        listener.opened(runner, request);
    }

    @Override
    public void onMessage(WebSocket runner, String frame) {
        listener.said(runner, frame);
    }

    @Override
    public void onClose(WebSocket runner, int code, String reason, boolean remote) {
        listener.closed(runner, code, remote);
    }

    @Override
    public void onError(@Nullable WebSocket runner, Exception problem) {
        if (runner == null) {
            failure = problem;
        }
    }

    @Override
    public void close() {
        try {
            stop(1000);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
