package dev.vibe.runner.bootstrap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.vibe.runner.domain.AgentInfo;
import dev.vibe.runner.domain.AgentType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SetupCheckTest {
    private static final Machine FINE = new Machine(false, OptionalLong.of(4L << 30), OptionalLong.of(1024), List.of());

    /** There is nothing to say of it. */
    private static final List<AgentInfo> SCRIPTED = List.of(new AgentInfo(AgentType.SCRIPTED, null));

    private final Path directory;
    private final Map<String, String> environment = new HashMap<>();

    SetupCheckTest(@TempDir Path directory) {
        this.directory = directory;
        environment.put("VIBE_SERVER_URL", "http://localhost");
        environment.put("VIBE_AUTH_TOKEN", "the-token");
        environment.put("HOME", directory.toString());
        environment.put("VIBE_WORKING_DIR", directory.toString());
    }

    private List<String> problems(Machine machine, AgentInfo... agents) throws InvalidSettingsException {
        RunnerSettings settings = RunnerSettings.from(environment);
        List<String> problems = new ArrayList<>(SetupCheck.ofPaths(settings));
        problems.addAll(SetupCheck.ofMachine(settings, machine));
        problems.addAll(SetupCheck.ofAgents(settings, agents.length == 0 ? SCRIPTED : List.of(agents), machine));
        return problems;
    }

    private static AgentInfo claude(@Nullable String version) {
        return new AgentInfo(AgentType.CLAUDE, version);
    }

    private static AgentInfo codex(@Nullable String version) {
        return new AgentInfo(AgentType.CODEX, version);
    }

    private void one(List<String> problems, String words) {
        assertEquals(1, problems.size(), problems::toString);
        assertTrue(problems.getFirst().contains(words), problems::toString);
    }

    @Test
    void aGoodSetupIsNotCommentedOn() throws Exception {
        environment.put("ANTHROPIC_API_KEY", "k");
        environment.put("OPENAI_API_KEY", "k");
        assertEquals(List.of(), problems(FINE, claude("2.1.197"), codex("0.169.0")));
        assertEquals(List.of(), problems(FINE, claude(null), codex("nightly")));
    }

    @Test
    void aRunnerWithoutAgentsIsNamed() throws Exception {
        one(SetupCheck.ofAgents(RunnerSettings.from(environment), List.of(), FINE), "no agent is found");
    }

    @Test
    void anOldAgentIsNamed() throws Exception {
        environment.put("ANTHROPIC_API_KEY", "k");
        environment.put("OPENAI_API_KEY", "k");
        one(problems(FINE, claude("1.9.20")), "Claude Code 1.9.20 is too old: this runner needs 2.0");
        one(problems(FINE, codex("0.99.1-beta")), "Codex 0.99.1-beta is too old: this runner needs 0.100");
    }

    @Test
    void anAgentWithoutALoginIsNamedUnlessAFileHoldsOne() throws Exception {
        one(problems(FINE, claude("2.1.0")), "Claude Code is not logged in");
        one(problems(FINE, codex("0.169.0")), "Codex is not logged in");
        write(".claude/.credentials.json");
        write(".codex/auth.json");
        assertEquals(List.of(), problems(FINE, claude("2.1.0"), codex("0.169.0")));
    }

    @Test
    void aKeyThatAgentsDoNotGetIsNone() throws Exception {
        environment.put("ANTHROPIC_API_KEY", "k");
        environment.put("VIBE_PRIVATE_ENV", "ANTHROPIC_API_KEY");
        one(problems(FINE, claude("2.1.0")), "not logged in");
    }

    @Test
    void rootWithoutASandboxIsNamed() throws Exception {
        environment.put("ANTHROPIC_API_KEY", "k");
        Machine root = new Machine(true, OptionalLong.empty(), OptionalLong.empty(), List.of());
        one(problems(root, claude("2.1.0")), "so it is told IS_SANDBOX=1: set that yourself");
        environment.put("E2B_SANDBOX", "true");
        assertEquals(List.of(), problems(root, claude("2.1.0")));
        environment.remove("E2B_SANDBOX");
        environment.put("IS_SANDBOX", "1");
        assertEquals(List.of(), problems(root, claude("2.1.0")));
        environment.put("IS_SANDBOX", "0");
        one(problems(root, claude("2.1.0")), "IS_SANDBOX is \"0\"");
        assertEquals(List.of(), problems(FINE, claude("2.1.0")));
        environment.put("VIBE_PERMISSION_MODE", "prompt");
        assertEquals(List.of(), problems(root, claude("2.1.0")));
    }

    @Test
    void missingPlacesAreNamed() throws Exception {
        environment.put("HOME", directory.resolve("none").toString());
        one(problems(FINE), "no directory this user can write");
        environment.remove("HOME");
        one(problems(FINE), "HOME is not set");
        environment.put("HOME", directory.toString());
        environment.put("VIBE_WORKING_DIR", directory.resolve("none").toString());
        one(problems(FINE), "none\" does not exist");
        environment.put("VIBE_WORKING_DIR", write("file", "").toString());
        one(problems(FINE), "file\" is not a directory");
        environment.put("VIBE_WORKING_DIR", directory.toString());
        environment.put("VIBE_WORKSPACE_ROOT", directory.resolve("none").toString());
        one(problems(FINE), "VIBE_WORKSPACE_ROOT is \"" + directory.resolve("none") + "\", which does not exist");
    }

    /** Not wrong values: they may come later, and each start of a session looks again. */
    @Test
    void anExecutableThatIsNoneIsNamed() throws Exception {
        environment.put("VIBE_CLAUDE_PATH", directory.resolve("none").toString());
        one(problems(FINE), "VIBE_CLAUDE_PATH is \"" + directory.resolve("none") + "\", which does not exist");
        environment.remove("VIBE_CLAUDE_PATH");
        environment.put("VIBE_CODEX_PATH", directory.toString());
        one(problems(FINE), "which is not a file");
        Path file = write("codex", "");
        environment.put("VIBE_CODEX_PATH", file.toString());
        one(problems(FINE), "which may not be executed");
        assertTrue(file.toFile().setExecutable(true));
        assertEquals(List.of(), problems(FINE));
    }

    @Test
    void littleMemoryAndAVisibleTokenAreNamed() throws Exception {
        OptionalLong unknown = OptionalLong.empty();
        one(problems(new Machine(false, OptionalLong.of(300L << 20), unknown, List.of())), "300 MB of memory");
        one(problems(new Machine(false, OptionalLong.of((512L << 20) - 1), unknown, List.of())), "511 MB of memory");
        assertEquals(List.of(), problems(new Machine(false, OptionalLong.of(512L << 20), unknown, List.of())));
        one(
                problems(new Machine(false, unknown, OptionalLong.of(68), List.of())),
                "(ulimit -n) is 68: 1 sessions need 69");
        one(problems(new Machine(false, unknown, unknown, List.of("process 7 (npm)"))), "process 7 (npm)");
    }

    @Test
    void theLeastMemoryCounts() throws IOException {
        Path proc = directory.resolve("proc");
        Path cgroup = directory.resolve("cgroup");
        assertEquals(OptionalLong.empty(), Machine.memory(proc, cgroup));
        write("proc/meminfo", "MemTotal: 9 kB\nMemAvailable:    2000 kB\n");
        assertEquals(OptionalLong.of(2_048_000), Machine.memory(proc, cgroup));
        write("cgroup/memory.max", "max\n");
        assertEquals(OptionalLong.of(2_048_000), Machine.memory(proc, cgroup));
        write("proc/self/cgroup", "0::/a/b\n");
        write("cgroup/a/b/memory.max", "1000\n");
        assertEquals(OptionalLong.of(1000), Machine.memory(proc, cgroup));
        write("cgroup/memory/memory.limit_in_bytes", "999\n");
        assertEquals(OptionalLong.of(999), Machine.memory(proc, cgroup));
    }

    @Test
    void aTokenIsSeenInAnEnvironmentAndNowhereElse() throws IOException {
        assertTrue(Machine.holdsToken(write("a", "HOME=/\0VIBE_AUTH_TOKEN=x\0B=1\0")));
        assertFalse(Machine.holdsToken(write("b", "HOME=/\0VIBE_AUTH_TOKEN=\0B=VIBE_AUTH_TOKEN=x\0")));
        assertFalse(Machine.holdsToken(directory.resolve("none")));
    }

    private void write(String name) throws IOException {
        var _ = write(name, "{}");
    }

    private Path write(String name, String text) throws IOException {
        Path file = directory.resolve(name);
        Files.createDirectories(file.toAbsolutePath().getParent());
        return Files.writeString(file, text);
    }
}
