package dev.vibe.runner.bootstrap.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.vibe.runner.application.port.out.AgentPort;
import dev.vibe.runner.bootstrap.Parts;
import dev.vibe.runner.bootstrap.RunnerSettings;
import dev.vibe.runner.bootstrap.doctor.Finding.Verdict;
import dev.vibe.runner.domain.AgentType;
import dev.vibe.runner.testkit.FakeAgentPort;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AgentChecksTest {
    private final FakeAgentPort claude = new FakeAgentPort(AgentType.CLAUDE);
    private final FakeAgentPort codex = new FakeAgentPort(AgentType.CODEX);

    private List<Finding> examine(Map<String, String> more) throws Exception {
        Map<String, String> environment = new HashMap<>(more);
        environment.put("VIBE_SERVER_URL", "http://localhost");
        environment.put("VIBE_AUTH_TOKEN", "the-token");
        RunnerSettings settings = RunnerSettings.from(environment);
        List<Finding> findings = new ArrayList<>();
        List<AgentPort> agents = List.of(claude, codex);
        new AgentChecks(settings, new Parts(settings), false, new Findings(findings::add)).examine(agents);
        return findings;
    }

    @Test
    void anAgentThatIsNotWhereTheSettingSaysIsNotSoughtOnPath() throws Exception {
        claude.installed(false);
        Finding first = examine(Map.of("VIBE_CLAUDE_PATH", "/none/claude")).getFirst();
        assertEquals("claude", first.check());
        assertEquals(Verdict.WARN, first.verdict());
        assertTrue(first.text().contains("VIBE_CLAUDE_PATH") && first.text().contains("/none/claude"), first.text());
        assertFalse(first.text().contains("on PATH"), first.text());
    }

    @Test
    void anAgentThatNobodyNamedMayBeMissing() throws Exception {
        codex.installed(false);
        Finding last = examine(Map.of()).getLast();
        assertEquals(Verdict.SKIP, last.verdict());
        assertTrue(last.text().contains("codex is not on PATH"), last.text());
    }

    @Test
    void noneAtAllIsAFailure() throws Exception {
        claude.installed(false);
        codex.installed(false);
        Finding last = examine(Map.of("VIBE_CODEX_PATH", "/none/codex")).getLast();
        assertEquals("agents", last.check());
        assertEquals(Verdict.FAIL, last.verdict());
        assertFalse(last.text().contains("on PATH"), last.text());
    }
}
