package dev.vibe.runner.adapter.socketio;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.vibe.runner.testkit.NodeServer;
import dev.vibe.runner.testkit.NodeTools;
import dev.vibe.runner.testkit.recorded.Conversation;
import dev.vibe.runner.testkit.recorded.Difference;
import dev.vibe.runner.testkit.recorded.FrameRecorder;
import dev.vibe.runner.testkit.recorded.Recording;
import dev.vibe.runner.testkit.recorded.ServerSide;
import dev.vibe.runner.testkit.recorded.Stage;
import java.util.Map;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Has each conversation with the real server again, and compares it with its recording. {@code testkit/record} writes the recordings
 * anew by this test.
 */
@Timeout(60)
class RecordingsTest {

    @ParameterizedTest
    @EnumSource
    void theRealServerStillSaysWhatWasRecorded(Conversation conversation) throws Exception {
        NodeTools.require();
        Recording now = record(conversation);
        if (Boolean.getBoolean("vibe.record")) {
            now.write(conversation.file());
        }
        String difference = Difference.between(conversation.name(), Recording.read(conversation.file()), now);
        assertEquals(
                "", difference, () -> "the conversation has changed; testkit/record records it anew\n" + difference);
    }

    private static Recording record(Conversation conversation) throws Exception {
        try (NodeServer server = NodeServer.start(conversation.serverOptions());
                FrameRecorder recorder = new FrameRecorder(server.uri());
                Stage stage = new Stage(Transports.to(recorder.uri()), conversation.authGrace())) {
            conversation.play(stage, ServerSide.real(server));
            return recorder.finish(() -> server.run("raw", Map.of("text", "6")));
        }
    }
}
