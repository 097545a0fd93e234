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
    /** Of such a length that what is on its way fills a heap, were it not bounded: before it was, none was heard 200 times. */
    private static final String AGENT = "exec yes '{\"type\":\"flood\",\"text\":\"" + "x".repeat(500) + "\"}'\n";

    @Test
    void theRunnerOutlivesThemAndEachIsHeard() throws Exception {
        try (Unprivileged user = Unprivileged.open();
                NodeServer server = NodeServer.start(Map.of("token", "t-o-k-e-n", "quiet", true))) {
            Map<String, String> environment = user.environment(server, "t-o-k-e-n");
            environment.put("MAX_CONCURRENT_SESSIONS", Integer.toString(FLOODS));
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
