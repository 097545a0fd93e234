package dev.vibe.runner.localserver;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.vibe.runner.adapter.socketio.SocketIoSettings;
import dev.vibe.runner.adapter.socketio.SocketIoTransport;
import dev.vibe.runner.adapter.websocket.WebSocketSettings;
import dev.vibe.runner.adapter.websocket.WebSocketTransport;
import dev.vibe.runner.protocol.CommandDecoder;
import dev.vibe.runner.protocol.EventEncoder;
import dev.vibe.runner.testkit.NodeServer;
import dev.vibe.runner.testkit.recorded.Conversation;
import dev.vibe.runner.testkit.recorded.Difference;
import dev.vibe.runner.testkit.recorded.FrameRecorder;
import dev.vibe.runner.testkit.recorded.Recording;
import dev.vibe.runner.testkit.recorded.Stage;
import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Has the conversations that were recorded with the real server with the local one. */
@Timeout(60)
class RecordedConversationsTest {
    @ParameterizedTest
    @EnumSource
    void overSocketIoEachFrameIsTheRealServers(Conversation conversation) throws Exception {
        try (LocalSide server = new LocalSide(conversation.serverOptions());
                FrameRecorder recorder =
                        new FrameRecorder(URI.create(server.server().url()));
                Stage stage = new Stage(socketIo(recorder.uri()), conversation.authGrace())) {
            server.by(recorder);
            conversation.play(stage, server);
            Recording now = recorder.finish(server.server()::noop);
            assertEquals("", Difference.between(conversation.name(), Recording.read(conversation.file()), now));
        }
    }

    /** Without the reconnection: over WebSocket the server says what it has, and nothing is sent again. */
    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "RECONNECTION_WITH_RESEND")
    void overWebSocketEachStepIsTheSame(Conversation conversation) throws Exception {
        try (LocalSide server = new LocalSide(conversation.serverOptions());
                Stage stage = new Stage(
                        webSocket(URI.create("ws://127.0.0.1:" + server.server().port())), conversation.authGrace())) {
            conversation.play(stage, server);
        }
    }

    private static SocketIoTransport socketIo(URI server) {
        return new SocketIoTransport(
                SocketIoSettings.of(server, NodeServer.TOKEN)
                        .withReconnect(Duration.ofSeconds(1), Duration.ofSeconds(1)),
                new EventEncoder("cloud-e2b", NodeServer.TOKEN),
                new CommandDecoder());
    }

    private static WebSocketTransport webSocket(URI server) {
        return new WebSocketTransport(
                WebSocketSettings.of(server, NodeServer.TOKEN),
                new EventEncoder("cloud-e2b", NodeServer.TOKEN),
                new CommandDecoder());
    }
}
