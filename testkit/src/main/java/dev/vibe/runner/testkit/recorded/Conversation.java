package dev.vibe.runner.testkit.recorded;

import static dev.vibe.runner.testkit.recorded.ServerSide.SOON;

import dev.vibe.runner.testkit.FakeAgent;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/** The conversations that are recorded. Each step waits for what it follows from, so that a conversation is the same each time. */
public enum Conversation {
    REGISTRATION {
        @Override
        public void play(Stage stage, ServerSide server) throws Exception {
            stage.start();
            server.awaits("endpoint:register");
        }
    },
    SESSION_OF_SEVERAL_TURNS {
        @Override
        public void play(Stage stage, ServerSide server) throws Exception {
            FakeAgent agent = stage.session(server, "s-1");
            agent.says("{\"type\":\"assistant\",\"text\":\"h\u00e4llo \\ud83d\\ude00 \u2028\"}");
            agent.says("not json");
            agent.says("{\"type\":\"result\",\"n\":1}");
            awaits(server, "message:from-claude", 3);
            server.says("message:send", Map.of("sessionId", "s-1", "message", "and now?"));
            var _ = agent.awaitMessage();
            agent.complains("a warning");
            server.awaits("message:from-claude");
            server.says(
                    "message:send",
                    Map.of("sessionId", "s-1", "message", Map.of("type", "user", "message", Map.of("role", "user"))));
            var _ = agent.awaitMessage();
            agent.says("{\"type\":\"result\",\"n\":2}");
            server.awaits("message:from-claude");
            agent.exits(0);
            server.awaits("session:ended");
        }
    },
    FAILURES {
        @Override
        public void play(Stage stage, ServerSide server) throws Exception {
            FakeAgent agent = stage.session(server, "s-1");
            server.says("session:start", Map.of("sessionId", "s-1", "agentType", "claude")); // runs already: nothing
            server.says("session:start", Map.of("sessionId", "s-2", "agentType", "claude")); // at capacity
            server.awaits("session:error");
            server.says("message:send", Map.of("sessionId", "s-3", "message", "to nobody"));
            server.awaits("session:error");
            agent.exits(3);
            server.awaits("session:error");
            server.says("session:start", Map.of("sessionId", "s-4", "agentType", "nobody"));
            server.awaits("session:error");
        }
    },
    REFUSAL_OF_THE_CONNECTION {
        @Override
        public Map<String, ?> serverOptions() {
            return Map.of("refuse", "middleware");
        }

        @Override
        public void play(Stage stage, ServerSide server) throws Exception {
            stage.startAndBeRefused();
            stage.shutdown();
        }
    },
    REFUSAL_OF_THE_REGISTRATION {
        // The server leaves the connection open. One that closes it crosses the runner, which leaves too, and who is
        // first is chance.
        @Override
        public Map<String, ?> serverOptions() {
            return Map.of("rejectRegisters", 1);
        }

        @Override
        public void play(Stage stage, ServerSide server) throws Exception {
            stage.startAndBeRefused();
            stage.shutdown();
            server.awaitsDisconnection();
        }
    },
    TOKEN_RACE {
        @Override
        public Map<String, ?> serverOptions() {
            return Map.of("rejectRegisters", 2);
        }

        @Override
        public Duration authGrace() {
            return SOON;
        }

        @Override
        public void play(Stage stage, ServerSide server) throws Exception {
            stage.start();
            awaits(server, "endpoint:register", 3);
            var _ = stage.startSession(server, "s-1");
        }
    },
    RECONNECTION_WITH_RESEND {
        @Override
        public void play(Stage stage, ServerSide server) throws Exception {
            FakeAgent agent = stage.session(server, "s-1");
            agent.says("{\"n\":0}");
            server.awaits("message:from-claude");
            stage.awaitDelivered();
            server.does("set", Map.of("options", Map.of("swallow", true)));
            agent.says("{\"n\":1}");
            agent.says("{\"n\":2}");
            agent.says("{\"n\":3}");
            awaits(server, "message:from-claude", 3);
            server.does("cut", Map.of());
            server.does("set", Map.of("options", Map.of("swallow", false)));
            server.awaits("endpoint:register");
            awaits(server, "message:from-claude", 3);
            agent.exits(0);
            server.awaits("session:ended");
        }
    },
    STOP {
        @Override
        public void play(Stage stage, ServerSide server) throws Exception {
            FakeAgent agent = stage.session(server, "s-1");
            server.says("session:interrupt", Map.of("sessionId", "s-1"));
            var _ = agent.deeds().take(FakeAgent.Deed.Interrupted.class, SOON);
            agent.says("{\"type\":\"result\",\"is_error\":true}");
            server.awaits("message:from-claude");
            server.says("session:stop", Map.of("sessionId", "s-1"));
            server.awaits("session:ended");
            server.says("session:stop", Map.of("sessionId", "s-1")); // again: nothing
            server.says("message:send", Map.of("sessionId", "s-1", "message", "too late")); // nothing either
            var _ = stage.startSession(server, "s-2");
        }
    },
    SHUTDOWN {
        @Override
        public void play(Stage stage, ServerSide server) throws Exception {
            FakeAgent agent = stage.session(server, "s-1");
            agent.says("last words");
            server.awaits("message:from-claude");
            stage.shutdown();
        }
    },
    OVERSIZE {
        @Override
        public Map<String, ?> serverOptions() {
            return Map.of("maxHttpBufferSize", 4_000);
        }

        @Override
        public void play(Stage stage, ServerSide server) throws Exception {
            FakeAgent agent = stage.session(server, "s-1");
            agent.says("{\"type\":\"assistant\",\"uuid\":\"u-1\",\"text\":\"" + "x".repeat(10_000) + "\"}");
            agent.says("y".repeat(10_000));
            agent.says("{\"after\":true}");
            awaits(server, "message:from-claude", 3);
        }
    };

    /** Says and does everything, once. Waits for each answer; gives up after {@link ServerSide#SOON}. */
    public abstract void play(Stage stage, ServerSide server) throws Exception;

    /** For how long the runner tries a refused token. */
    public Duration authGrace() {
        return Duration.ZERO;
    }

    /** How the server is set up, see {@code server.mjs}. */
    public Map<String, ?> serverOptions() {
        return Map.of();
    }

    /** Where its recording is. */
    public Path file() {
        String name = name().toLowerCase(java.util.Locale.ROOT).replace('_', '-') + ".jsonl";
        return Path.of(System.getProperty("vibe.root", ".."), "adapters-socketio/src/test/recordings", name);
    }

    private static void awaits(ServerSide server, String event, int times) throws InterruptedException {
        for (int i = 0; i < times; i++) {
            server.awaits(event);
        }
    }
}
