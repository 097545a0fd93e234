package dev.vibe.runner.localserver;

import com.fasterxml.jackson.databind.JsonNode;
import dev.vibe.runner.testkit.EventLog;
import dev.vibe.runner.testkit.NodeServer;
import dev.vibe.runner.testkit.recorded.FrameRecorder;
import dev.vibe.runner.testkit.recorded.ServerSide;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** A local server that plays the server's part of a conversation, by the options that the Node server has for it. */
final class LocalSide implements ServerSide, AutoCloseable {
    private final EventLog<String> events = new EventLog<>("events at the local server");
    private final AtomicInteger rejectRegisters;
    private final LocalServer server;
    private Link link = Link.NOTHING;

    /** What stands between runner and server. */
    interface Link {
        /** The runner is connected to the server itself. */
        Link NOTHING = new Link() {
            @Override
            public void swallow(boolean on) {
                throw new UnsupportedOperationException();
            }

            @Override
            public void cut() {
                throw new UnsupportedOperationException();
            }
        };

        /** From now on, or no longer: what tells the runner that something has arrived does not come through. */
        void swallow(boolean on);

        /** Cuts all connections. */
        void cut();
    }

    LocalSide(Map<String, ?> options) throws IOException {
        boolean refuses = options.containsKey("refuse");
        rejectRegisters = new AtomicInteger(number(options, "rejectRegisters", 0));
        Tokens tokens = new Tokens() {
            @Override
            public boolean connects(String token) {
                return !refuses && token.equals(NodeServer.TOKEN);
            }

            @Override
            public boolean registers(String token) {
                return connects(token) && rejectRegisters.getAndUpdate(left -> Math.max(0, left - 1)) == 0;
            }
        };
        ServerOptions how = new ServerOptions(
                0,
                NodeServer.TOKEN,
                "console",
                number(options, "maxHttpBufferSize", ServerOptions.DEFAULT_MAX_PAYLOAD));
        server = LocalServer.start(how, tokens, new HubListener() {
            @Override
            public void received(String event, JsonNode payload) {
                events.add(event);
            }

            @Override
            public void disconnected() {
                events.add("disconnected");
            }
        });
    }

    /** The runner connects by this. */
    void by(FrameRecorder recorder) {
        link = new Link() {
            @Override
            public void swallow(boolean on) {
                recorder.swallowAnswers(on);
            }

            @Override
            public void cut() {
                recorder.cut();
            }
        };
    }

    LocalServer server() {
        return server;
    }

    @Override
    public void does(String command, Map<String, ?> parameters) {
        switch (command) {
            case "emit" ->
                server.hub()
                        .broadcast(
                                String.valueOf(parameters.get("name")),
                                Wire.JSON.valueToTree(parameters.get("payload")));
            case "set" -> link.swallow(String.valueOf(parameters.get("options")).contains("swallow=true"));
            case "cut" -> link.cut();
            default -> throw new IllegalArgumentException("no such command here: " + command);
        }
    }

    @Override
    public void awaits(String event) throws InterruptedException {
        var _ = events.take(event, event::equals, SOON);
    }

    @Override
    public void awaitsDisconnection() throws InterruptedException {
        var _ = events.take("disconnected", "disconnected"::equals, SOON);
    }

    @Override
    public void close() {
        var _ = Thread.ofPlatform().daemon().start(server::close); // takes the library's two quiet seconds
    }

    private static int number(Map<String, ?> options, String name, int otherwise) {
        return options.get(name) instanceof Integer number ? number : otherwise;
    }
}
