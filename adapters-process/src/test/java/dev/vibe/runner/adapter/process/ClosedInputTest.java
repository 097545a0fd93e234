package dev.vibe.runner.adapter.process;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.vibe.runner.application.port.out.AgentGoneException;
import dev.vibe.runner.testkit.Running;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ClosedInputTest {
    @Test
    void ofAnAgentThatGoesOnIsToldToWhoFeedsIt(@TempDir Path directory) throws Exception {
        ProcessSettings settings = ShellAgents.settings(directory, """
                echo '{"type":"control_response","response":{"subtype":"success","request_id":"'$id'"}}'
                exec <&-
                echo '{"closed":true}'
                exec sleep 600
                """);
        try (Running running = Running.ready(ProcessAgents.claude(settings))) {
            running.await(line -> line.contains("closed"));
            assertThrows(AgentGoneException.class, () -> running.say("do you hear me?"));
            assertThrows(AgentGoneException.class, running.agent()::interrupt);
            assertTrue(running.agent().running());
        }
    }
}
