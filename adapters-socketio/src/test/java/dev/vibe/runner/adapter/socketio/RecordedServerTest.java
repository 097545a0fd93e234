package dev.vibe.runner.adapter.socketio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.vibe.runner.testkit.recorded.Conversation;
import dev.vibe.runner.testkit.recorded.Entry;
import dev.vibe.runner.testkit.recorded.Recording;
import dev.vibe.runner.testkit.recorded.ReplayServer;
import dev.vibe.runner.testkit.recorded.ServerSide;
import dev.vibe.runner.testkit.recorded.Stage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The runner against recordings of the real server; needs no Node. {@link RecordingsTest} holds the recordings to the real one. */
@Timeout(60)
class RecordedServerTest {
    private static final Duration SOON = Duration.ofSeconds(20);

    @ParameterizedTest
    @EnumSource
    void theRunnerSaysWhatItSaidToTheRealServer(Conversation conversation) throws Exception {
        replay(conversation, Recording.read(conversation.file()), SOON);
    }

    @Test
    void aFrameThatIsNotAsRecordedIsShownWithWhatWasExpected() throws Exception {
        Recording real = Recording.read(Conversation.STOP.file());
        List<Entry> changed = new ArrayList<>();
        for (Entry entry : real.entries()) {
            changed.add(new Entry(
                    entry.atMs(),
                    entry.link(),
                    entry.kind(),
                    entry.text().replace("\"reason\":\"stopped\"", "\"reason\":\"bored\"")));
        }
        AssertionError error = assertThrows(
                AssertionError.class, () -> replay(Conversation.STOP, new Recording(changed), Duration.ofSeconds(5)));
        String said = String.valueOf(error.getMessage());
        assertTrue(said.contains("\"reason\":\"bored\""), said);
        assertTrue(said.contains("but came: 1 runner: 42[\"session:ended\""), said);
        assertTrue(said.contains("\"reason\":\"stopped\""), said);
    }

    @Test
    void whatTheRunnerDoesNotSayIsMissed() throws Exception {
        Recording real = Recording.read(Conversation.REGISTRATION.file());
        List<Entry> longer = new ArrayList<>(real.entries());
        longer.add(new Entry(1, 1, Entry.Kind.RUNNER, "42[\"endpoint:unheard-of\",{}]"));
        AssertionError error = assertThrows(
                AssertionError.class,
                () -> replay(Conversation.REGISTRATION, new Recording(longer), Duration.ofSeconds(1)));
        assertTrue(
                String.valueOf(error.getMessage()).contains("still to come: 1 runner: 42[\"endpoint:unheard-of\",{}]"));
    }

    @Test
    void everyRecordingIsOfAConversation() throws Exception {
        Set<String> wanted = Arrays.stream(Conversation.values())
                .map(conversation -> String.valueOf(conversation.file().getFileName()))
                .collect(Collectors.toCollection(TreeSet::new));
        try (var files = java.nio.file.Files.list(Conversation.STOP.file().getParent())) {
            assertEquals(
                    wanted,
                    files.map(file -> String.valueOf(file.getFileName()))
                            .collect(Collectors.toCollection(TreeSet::new)));
        }
    }

    private static void replay(Conversation conversation, Recording recording, Duration patience) throws Exception {
        try (ReplayServer server = new ReplayServer(recording);
                Stage stage = new Stage(Transports.to(server.uri()), conversation.authGrace())) {
            Throwable failed = null;
            try {
                conversation.play(stage, ServerSide.replayed(server, patience));
            } catch (Exception | AssertionError failure) {
                failed = failure; // what the server saw says more
            }
            server.awaitEnd(failed == null ? patience : Duration.ofMillis(1));
            if (failed != null) {
                throw new AssertionError("the server's part is played, but the runner's failed", failed);
            }
        }
    }
}
