package dev.vibe.runner.bootstrap.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.vibe.runner.testkit.NodeServer;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A hundred and fifty agents print as fast as they can: slow for all, the end of none. */
@Timeout(240)
class ManyFloodsTest {
    private static final int FLOODS = 150;
    private static final int LINES = 200;
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final String AGENT = """
            exec yes '{"type":"flood","text":"the quick brown fox jumps over the lazy dog, and over it again, and over it again"}'
            """;

    @Test
    void theRunnerOutlivesThemAndEachIsHeard() throws Exception {
        try (Unprivileged user = Unprivileged.open();
                NodeServer server = NodeServer.start(Map.of("token", "t-o-k-e-n", "quiet", true))) {
            Map<String, String> environment = user.environment(server, "t-o-k-e-n");
            environment.put("MAX_CONCURRENT_SESSIONS", Integer.toString(FLOODS));
            environment.put("VIBE_OUTBOX_MAX_MB", "64");
            environment.put(
                    "VIBE_CLAUDE_PATH",
                    user.program("claude", ShellAgent.program(AGENT)).toString());
            try (RunnerProcess runner = user.start(environment)) {
                server.awaitEvent("endpoint:register", PATIENCE);
                long java = runner.java();
                for (int i = 0; i < FLOODS; i++) {
                    server.emit("session:start", Map.of("sessionId", "s" + i, "agentType", "claude"));
                }
                for (int i = 0; i < FLOODS; i++) {
                    server.awaitCount("s" + i, LINES, PATIENCE);
                }
                assertEquals(java, runner.java(), runner.log());
            }
        }
    }
}
