package dev.vibe.runner.testkit.recorded;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.vibe.runner.testkit.NodeServer;
import java.time.Duration;
import java.util.Map;

/** The server's part of a conversation: done by the real server, or already in the recording. */
public interface ServerSide {
    /** Longer than anything takes. */
    Duration SOON = Duration.ofSeconds(20);

    /** The server does this now, see {@code server.mjs}. */
    void does(String command, Map<String, ?> parameters) throws InterruptedException;

    /** Waits until the runner's next event of this name has come to the server. */
    void awaits(String event) throws InterruptedException;

    /** Waits until the connection, on which the runner was let in, is gone. */
    void awaitsDisconnection() throws InterruptedException;

    /** The server says something. */
    default void says(String event, Map<String, ?> payload) throws InterruptedException {
        does("emit", Map.of("name", event, "payload", payload));
    }

    /** A real server. */
    static ServerSide real(NodeServer server) {
        return new ServerSide() {
            @Override
            public void does(String command, Map<String, ?> parameters) throws InterruptedException {
                server.run(command, parameters);
            }

            @Override
            public void awaits(String event) throws InterruptedException {
                var _ = server.awaitEvent(event, SOON);
            }

            @Override
            public void awaitsDisconnection() throws InterruptedException {
                var _ = server.await("disconnected", SOON);
            }
        };
    }

    /** A recording that plays. */
    static ServerSide replayed(ReplayServer server, Duration patience) {
        return new ServerSide() {
            @Override
            public void does(String command, Map<String, ?> parameters) {
                // What came of it is in the recording.
            }

            @Override
            public void awaits(String event) throws InterruptedException {
                String beginning = "42[" + new ObjectMapper().valueToTree(event);
                var _ = server.played().take(event, frame -> frame.startsWith(beginning), patience);
            }

            @Override
            public void awaitsDisconnection() throws InterruptedException {
                server.awaitEnd(patience);
            }
        };
    }
}
