package dev.vibe.runner.testkit.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class RealAgentsTest {
    private final ModelServer model = ModelServer.start();

    @AfterEach
    void close() {
        model.close();
    }

    @Test
    void claudeTakesTheModelServersAnswer() throws Exception {
        RealAgents agents = RealAgents.require();

        String said = run(agents, agents.claude().toString(), "--print", "run [TOOL:echo one-two]");

        assertEquals("tool result: one-two", said.strip());
    }

    @Test
    void codexTakesTheModelServersAnswer() throws Exception {
        RealAgents agents = RealAgents.require();

        String said = run(
                agents,
                agents.codex().toString(),
                "exec",
                "--skip-git-repo-check",
                "--dangerously-bypass-approvals-and-sandbox",
                "run [TOOL:echo one-two]");

        assertTrue(said.contains("tool result: ") && said.contains("one-two"), said);
    }

    private String run(RealAgents agents, String... command) throws IOException, InterruptedException {
        Path out = agents.home().resolve("out");
        ProcessBuilder builder = new ProcessBuilder(List.of(command))
                .directory(agents.home().toFile())
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectError(agents.home().resolve("err").toFile())
                .redirectOutput(out.toFile());
        builder.environment().putAll(agents.environment(model));
        Process process = builder.start();
        try {
            assertTrue(process.waitFor(90, TimeUnit.SECONDS), "still running");
        } finally {
            process.destroyForcibly();
        }
        return Files.readString(out, StandardCharsets.UTF_8);
    }
}
