package dev.vibe.runner.adapter.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import dev.vibe.runner.domain.EndpointId;
import dev.vibe.runner.domain.ExitStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OomKillsTest {
    private static final Path PROC = Path.of("/proc");

    private final Path directory;

    OomKillsTest(@TempDir Path directory) {
        this.directory = directory;
    }

    @Test
    void countsInTheGroupOfVersionTwo() throws IOException {
        write("proc/self/cgroup", "0::/user/agents\n");
        write("cgroup/user/agents/memory.events", "low 0\nmax 7\noom 4\noom_kill 3\noom_group_kill 0\n");
        write("cgroup/memory.events", "oom_kill 90\n");
        assertEquals(3, kills().count());
    }

    @Test
    void countsInTheGroupOfVersionOneAtTheTopOfItsContainer() throws IOException {
        write("proc/self/cgroup", "9:name=systemd:/docker/1f\n4:cpu,memory:/docker/1f\n0::/docker/1f\n");
        write("cgroup/memory/memory.oom_control", "oom_kill_disable 0\nunder_oom 0\noom_kill 2\n");
        write("proc/vmstat", "oom_kill 90\n");
        assertEquals(2, kills().count());
    }

    @Test
    void countsOnTheMachineWhereNoGroupCounts() throws IOException {
        write("proc/self/cgroup", "0::/\n");
        write("proc/vmstat", "nr_free_pages 4\noom_kill 5\ndrop_pagecache 0\n");
        assertEquals(5, kills().count());
    }

    @Test
    void countsNothingWhereNothingIs() {
        assertEquals(0, kills().count());
    }

    @Test
    void anAgentKilledWhileTheCountRoseRanOutOfMemory() throws Exception {
        Path counter = write("cgroup/memory.events", "oom_kill 1\n");
        write("proc/self/cgroup", "0::/\n");
        ExitStatus status = exit("echo oom_kill 2 >" + counter + "; kill -9 $$");
        assertEquals(new ExitStatus(137, List.of(), true), status);
    }

    @Test
    void anAgentKilledBySomebodyElseDidNot() throws Exception {
        write("cgroup/memory.events", "oom_kill 1\n");
        write("proc/self/cgroup", "0::/\n");
        assertEquals(ExitStatus.of(137), exit("kill -9 $$"));
    }

    @Test
    void anAgentKilledByUsDidNot() throws Exception {
        Path counter = write("cgroup/memory.events", "oom_kill 1\n");
        write("proc/self/cgroup", "0::/\n");
        AgentProcess process =
                start("trap '' TERM; echo oom_kill 2 >" + counter + "; echo up; while :; do sleep 0.1; done");
        assertNotNull(process.next());
        process.stop(Duration.ofMillis(50));
        assertEquals(ExitStatus.of(137), process.awaitExit());
    }

    /** Raising one's own is free, lowering it is not: so the agent and all it starts go first. */
    @Test
    void whenMemoryRunsOutTheAgentGoesBeforeTheRunner() throws Exception {
        AgentProcess process = start("until grep -x 500 /proc/$$/oom_score_adj; do sleep 0.01; done");
        assertEquals("500", String.valueOf(process.next()).replaceAll(".*text=(\\d+).*", "$1"));
    }

    private OomKills kills() {
        return new OomKills(directory.resolve("proc"), directory.resolve("cgroup"));
    }

    private ExitStatus exit(String script) throws Exception {
        return start(script).awaitExit();
    }

    private AgentProcess start(String script) throws Exception {
        ProcFs proc = new ProcFs(PROC, kills());
        ProcessStat self =
                Objects.requireNonNull(proc.process(ProcessHandle.current().pid()));
        Launch launch = new Launch(
                "test",
                List.of("sh", "-c", script),
                Map.of("PATH", System.getenv("PATH")),
                directory,
                Mark.create(new EndpointId("oom-test"), self));
        AgentProcess process = AgentProcess.start(launch, new ProcessTable(proc));
        process.begin(() -> 100_000, line -> line, () -> {});
        return process;
    }

    private Path write(String name, String text) throws IOException {
        Path file = directory.resolve(name);
        Files.createDirectories(file.resolveSibling("."));
        return Files.writeString(file, text);
    }
}
