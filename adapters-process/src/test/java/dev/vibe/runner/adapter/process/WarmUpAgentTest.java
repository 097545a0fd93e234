package dev.vibe.runner.adapter.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.vibe.runner.application.port.out.RunningAgent;
import dev.vibe.runner.application.port.out.SessionRequest;
import dev.vibe.runner.domain.EndpointId;
import dev.vibe.runner.domain.SessionId;
import dev.vibe.runner.domain.UserMessage;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class WarmUpAgentTest {
    @Test
    void itAnswersAsClaudeDoesAndHasNothingOfTheEnvironment(@TempDir Path directory) throws Exception {
        SessionRequest request = new SessionRequest(new SessionId("s"), new EndpointId("e"), null);
        RunningAgent agent = ProcessAgents.warmUp(directory, () -> {}).launch(request);
        try {
            assertTrue(agent.awaitReady(Duration.ofSeconds(20)));
            String environment = Files.readString(
                    Path.of("/proc", Long.toString(agent.pid()), "environ"), StandardCharsets.ISO_8859_1);
            assertEquals(
                    Set.of("VIBE_SESSION_ID", "VIBE_ENDPOINT_ID", Mark.VARIABLE),
                    Arrays.stream(environment.split("\0"))
                            .map(variable -> variable.substring(0, variable.indexOf('=')))
                            .collect(Collectors.toSet()));
            agent.send(new UserMessage.Text("go"));
            assertEquals("assistant", type(agent));
            assertEquals("result", type(agent));
            assertEquals(1, agent.completedTurns());
        } finally {
            agent.stop(Duration.ofSeconds(5));
        }
        assertEquals(0, agent.awaitExit().code());
    }

    private static String type(RunningAgent agent) throws Exception {
        var line = agent.next();
        return line == null ? "none" : Json.read(line.text()).path("type").asText();
    }
}
