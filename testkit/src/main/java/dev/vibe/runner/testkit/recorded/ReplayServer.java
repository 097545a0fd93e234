package dev.vibe.runner.testkit.recorded;

import dev.vibe.runner.testkit.EventLog;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.java_websocket.WebSocket;
import org.java_websocket.handshake.ClientHandshake;
import org.jspecify.annotations.Nullable;

/**
 * Plays the server's part of a recording on 127.0.0.1, and holds the runner to its own: the server's next frame goes out when the runner
 * has sent all that it sent before it in the recording. The first thing that is not as recorded ends the play. Safe for use by
 * several threads.
 */
public final class ReplayServer implements AutoCloseable, FrameServer.Listener {
    private static final String NO_NAMESPACE = ",{\"message\":\"Invalid namespace\"}";

    private final List<Entry> script;
    private final FrameServer front;
    private final EventLog<String> played = new EventLog<>("frames of the runner that were as recorded");

    // All guarded by this.
    private final List<Connection> connections = new ArrayList<>();
    private int at;
    private @Nullable String problem;

    /** Starts to listen. */
    public ReplayServer(Recording recording) throws InterruptedException {
        script = recording.entries();
        front = new FrameServer(this).begin();
    }

    /** What the runner is given as server. */
    public URI uri() {
        return front.uri();
    }

    /** The runner's frames that were as recorded, in order. */
    public EventLog<String> played() {
        return played;
    }

    /**
     * Waits until all is played.
     *
     * @throws AssertionError when it is not in time, or something is not as recorded: what was expected, and what came
     */
    public synchronized void awaitEnd(Duration timeout) throws InterruptedException {
        long end = System.nanoTime() + timeout.toNanos();
        while (problem == null && at < script.size()) {
            long left = (end - System.nanoTime()) / 1_000_000;
            if (left <= 0) {
                throw new AssertionError("still to come: " + Normal.of(script.get(at)) + before());
            }
            wait(left);
        }
        if (problem != null) {
            throw new AssertionError(problem);
        }
    }

    @Override
    public synchronized void opened(WebSocket runner, ClientHandshake request) {
        connections.add(new Connection(runner, request.getResourceDescriptor()));
        play();
    }

    @Override
    public synchronized void said(WebSocket runner, String frame) {
        Connection connection = connection(runner);
        String namespace = Normal.probe(frame);
        if (namespace != null) {
            if (at == script.size() || answersAfter(connection.link(), connection.said)) {
                runner.send("44" + namespace + NO_NAMESPACE);
            }
        } else if (!Normal.passing(new Entry(0, 0, Entry.Kind.RUNNER, frame))) {
            connection.said++;
            connection.inbox.add(frame);
            play();
        }
    }

    @Override
    public synchronized void closed(WebSocket runner, int code, boolean byRunner) {
        connection(runner).closed = true;
        play();
    }

    @Override
    public void close() {
        front.close();
    }

    /** Whether the real server, too, answered a question that was put after so many frames of the runner. */
    private boolean answersAfter(int link, int frames) {
        int said = 0;
        int saidBeforeAnswer = -1;
        for (Entry entry : script) {
            if (entry.link() != link) {
                continue;
            }
            if (Normal.isProbeAnswer(entry)) {
                saidBeforeAnswer = said;
            } else if (entry.kind() == Entry.Kind.RUNNER && !Normal.passing(entry)) {
                said++;
            }
        }
        return saidBeforeAnswer >= frames;
    }

    private void play() {
        while (problem == null && at < script.size() && (Normal.passing(script.get(at)) || happens(script.get(at)))) {
            at++;
        }
        if (problem == null && at == script.size()) {
            for (Connection connection : connections) {
                if (!connection.inbox.isEmpty()) {
                    problem = "after the end of the recording the runner said " + connection.inbox.peek();
                }
            }
        }
        notifyAll();
    }

    /** Does the server's part, or looks whether the runner has done its own. */
    private boolean happens(Entry entry) {
        if (entry.link() > connections.size()) {
            return false;
        }
        Connection connection = connections.get(entry.link() - 1);
        return switch (entry.kind()) {
            case OPENED -> asRecorded(entry, connection.path);
            case RUNNER -> {
                String frame = connection.inbox.poll();
                if (frame == null && connection.closed) {
                    problem = "expected: " + Normal.of(entry) + "\nbut the runner closed the connection" + before();
                }
                yield frame != null && asRecorded(entry, frame);
            }
            case SERVER -> {
                if (connection.runner.isOpen()) {
                    connection.runner.send(entry.text());
                }
                yield true;
            }
            case SERVER_CLOSED -> {
                FrameServer.close(connection.runner, Integer.parseInt(entry.text()));
                yield true;
            }
            case RUNNER_CLOSED -> connection.closed;
        };
    }

    private boolean asRecorded(Entry entry, String text) {
        String came = Normal.of(new Entry(entry.atMs(), entry.link(), entry.kind(), text));
        if (!came.equals(Normal.of(entry))) {
            problem = "expected: " + Normal.of(entry) + "\nbut came: " + came + before();
            return false;
        }
        played.add(text);
        return true;
    }

    private String before() {
        List<String> lines = new Recording(script.subList(0, at)).normal();
        return "\nafter:\n  " + String.join("\n  ", lines.subList(Math.max(0, lines.size() - 5), lines.size()));
    }

    private Connection connection(WebSocket runner) {
        return connections.stream()
                .filter(connection -> connection.runner == runner)
                .findFirst()
                .orElseThrow();
    }

    /** One connection of the runner. */
    private final class Connection {
        private final WebSocket runner;
        private final String path;
        private final Deque<String> inbox = new ArrayDeque<>();
        private int said;
        private boolean closed;

        Connection(WebSocket runner, String path) {
            this.runner = runner;
            this.path = path;
        }

        int link() {
            return connections.indexOf(this) + 1;
        }
    }
}
