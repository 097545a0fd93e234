package dev.vibe.runner.adapter.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.vibe.runner.application.port.out.AgentGoneException;
import dev.vibe.runner.testkit.Running;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class RefusedHandshakeTest {
    @Test
    void isToldOnceAndEndsTheAgent(@TempDir Path directory) throws Exception {
        ProcessSettings settings = ShellAgents.settings(directory, """
                echo '{"id":"'$id'","error":{"message":"no such model"}}'
                exec sleep 600
                """);
        try (Running running = Running.launch(ProcessAgents.codex(settings))) {
            running.end();
            assertThrows(AgentGoneException.class, () -> running.agent().awaitReady(Duration.ofSeconds(10)));
            assertEquals(
                    "Codex refused initialize: no such model", running.agent().refusal());
            assertEquals(List.of(), running.lines(), "it is the session's error, and need not be said twice");
        }
    }
}
