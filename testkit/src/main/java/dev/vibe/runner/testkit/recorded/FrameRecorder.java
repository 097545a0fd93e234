package dev.vibe.runner.testkit.recorded;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.java_websocket.WebSocket;
import org.java_websocket.client.WebSocketClient;
import org.java_websocket.handshake.ClientHandshake;
import org.java_websocket.handshake.ServerHandshake;

/** Stands between a runner and a real server, passes their WebSocket frames on, and writes them down. */
public final class FrameRecorder implements AutoCloseable, FrameServer.Listener {
    private static final String NOOP = "6";
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final URI server;
    private final FrameServer front;
    private final long began = System.nanoTime();
    private final List<Entry> entries = new ArrayList<>(); // guarded by itself
    private final Map<WebSocket, Behind> behind = new ConcurrentHashMap<>();
    private int links; // guarded by entries
    private int open; // guarded by entries
    private final Set<Integer> marked = new HashSet<>(); // guarded by entries: open links whose end mark has come
    private boolean over; // guarded by entries
    private volatile boolean swallow;

    /** @param server where the real one listens, {@code http://127.0.0.1:PORT} */
    public FrameRecorder(URI server) throws InterruptedException {
        this.server = server;
        front = new FrameServer(this).begin();
    }

    /** What the runner is given as server. */
    public URI uri() {
        return front.uri();
    }

    /**
     * Ends the recording when all that the server has said before is in it; what happens from now on is not.
     *
     * @param noop lets the server send the Engine.IO packet {@code 6}, which means nothing, on the connections that stand
     */
    public Recording finish(Noop noop) throws InterruptedException {
        noop.send();
        long end = System.nanoTime() + PATIENCE.toNanos();
        synchronized (entries) {
            while (open > marked.size()) {
                long left = (end - System.nanoTime()) / 1_000_000;
                if (left <= 0) {
                    throw new IllegalStateException("a connection neither ends nor passes on the server's last packet");
                }
                entries.wait(left);
            }
            over = true;
            return new Recording(entries);
        }
    }

    /** Sends the packet that marks the end. */
    @FunctionalInterface
    public interface Noop {
        /** Returns when it is on its way. */
        void send() throws InterruptedException;
    }

    /** Whether the server's answers to the question what has arrived are kept from the runner, and from the recording. */
    public void swallowAnswers(boolean on) {
        swallow = on;
    }

    /** Cuts all connections, to both sides, without a word. */
    public void cut() {
        for (WebSocket runner : List.copyOf(behind.keySet())) {
            Behind other = behind.remove(runner);
            if (other != null) {
                write(other.link, Entry.Kind.SERVER_CLOSED, "1006");
                FrameServer.close(other, 1006);
                FrameServer.close(runner, 1006);
            }
        }
    }

    @Override
    public void opened(WebSocket runner, ClientHandshake request) {
        int link;
        synchronized (entries) {
            link = ++links;
        }
        String path = request.getResourceDescriptor();
        write(link, Entry.Kind.OPENED, path);
        Behind other = new Behind(URI.create("ws://127.0.0.1:" + server.getPort() + path), runner, link);
        behind.put(runner, other);
        try {
            if (!other.connectBlocking()) {
                runner.closeConnection(1006, "");
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void said(WebSocket runner, String frame) {
        Behind other = behind.get(runner);
        if (other != null && other.isOpen()) {
            write(other.link, Entry.Kind.RUNNER, frame);
            other.send(frame);
        }
    }

    @Override
    public void closed(WebSocket runner, int code, boolean byRunner) {
        Behind other = behind.remove(runner);
        if (other != null && byRunner) {
            write(other.link, Entry.Kind.RUNNER_CLOSED, String.valueOf(code));
            FrameServer.close(other, code);
        }
    }

    @Override
    public void close() {
        behind.values().forEach(other -> other.closeConnection(1006, ""));
        front.close();
    }

    private void write(int link, Entry.Kind kind, String text) {
        synchronized (entries) {
            switch (kind) {
                case OPENED -> open++;
                case RUNNER_CLOSED, SERVER_CLOSED -> {
                    open--;
                    marked.remove(link);
                }
                case RUNNER -> {}
                case SERVER -> {
                    if (text.equals(NOOP)) {
                        marked.add(link);
                    }
                }
            }
            entries.notifyAll();
            if (!over && !text.equals(NOOP)) {
                entries.add(new Entry((System.nanoTime() - began) / 1_000_000, link, kind, text));
            }
        }
    }

    /** The connection to the real server that belongs to one of the runner's. */
    private final class Behind extends WebSocketClient {
        private final WebSocket runner;
        private final int link;

        Behind(URI uri, WebSocket runner, int link) {
            super(uri);
            this.runner = runner;
            this.link = link;
            setConnectionLostTimeout(0);
            setTcpNoDelay(true);
        }

        @Override
        public void onOpen(ServerHandshake handshake) {
            // The server speaks first.
        }

        @Override
        public void onMessage(String frame) {
            if (swallow && Normal.isProbeAnswer(new Entry(0, link, Entry.Kind.SERVER, frame))) {
                return;
            }
            write(link, Entry.Kind.SERVER, frame);
            runner.send(frame);
        }

        @Override
        public void onClose(int code, String reason, boolean remote) {
            if (remote && behind.remove(runner) != null) {
                write(link, Entry.Kind.SERVER_CLOSED, String.valueOf(code));
                FrameServer.close(runner, code);
            }
        }

        @Override
        public void onError(Exception problem) {
            // onClose follows
        }
    }
}
