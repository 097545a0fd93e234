package dev.vibe.runner.bootstrap.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.vibe.runner.testkit.talk.Agent;
import dev.vibe.runner.testkit.talk.Conversation;
import dev.vibe.runner.testkit.talk.Turn;
import java.nio.file.Files;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CodexSessionTest extends AgentScenarios {
    CodexSessionTest() {
        super(Agent.CODEX);
    }

    /** Codex counts its prompts from 0 in each of its processes. */
    @Test
    void takesAYesToAPromptThatDiedForNoOther() throws Exception {
        Stage stage = open(Map.of("VIBE_PERMISSION_MODE", "prompt"));
        Conversation session = stage.conversation(Agent.CODEX);
        session.start(Map.of("initialMessage", "first"));
        session.awaitTurn();
        session.say("[TOOL:touch old.txt]");
        JsonNode died = session.awaitMessage(Agent.CODEX::asksPermission);

        assertTrue(ProcessHandle.of(stage.runner().java()).orElseThrow().destroyForcibly());

        session.awaitMessage(notice("runner-restarted"));
        JsonNode closed =
                session.awaitMessage(message -> message.path("method").asText().equals("serverRequest/resolved"));
        assertEquals(died.path("id"), closed.at("/params/requestId"));
        session.say("[TOOL:touch new.txt]");
        JsonNode asked = session.awaitMessage(Agent.CODEX::asksPermission);
        session.say(Agent.CODEX.answer(died, true));
        session.awaitMessage(message -> message.path("content").asText().contains("does not wait for an answer"));
        assertFalse(Files.exists(stage.work.resolve("new.txt")));
        session.say(Agent.CODEX.answer(asked, true));
        session.awaitTurn();
        assertTrue(Files.exists(stage.work.resolve("new.txt")));
        assertFalse(Files.exists(stage.work.resolve("old.txt")));
    }

    /** It drops what its model was not given yet. */
    @Test
    void answersAMessageThatHadJoinedAnInterruptedTurn() throws Exception {
        Stage stage = open(Map.of());
        Conversation session = stage.conversation(Agent.CODEX);
        session.start(Map.of("initialMessage", "first"));
        session.awaitTurn();
        session.say("[TOOL:touch started; sleep 300]");
        stage.awaitFile("started");
        session.say("by the way");

        session.interrupt();

        Turn interrupted = session.awaitTurn();
        assertTrue(Agent.CODEX.interrupted(interrupted.end()), interrupted.end()::toString);
        assertTrue(session.awaitTurn().words().startsWith("echo: by the way"));
    }
}
