package dev.vibe.runner.adapter.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.vibe.runner.domain.EndpointId;
import dev.vibe.runner.domain.ExitStatus;
import dev.vibe.runner.domain.OutputLine;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Real processes of every shape that is hard to end. Each script prints the pids it makes, one a line. */
class ProcessTreeTest {
    private static final String FAMILY = """
            sleep 301 & echo $!
            (setsid sh -c 'echo $$; exec sleep 302' &)
            sh -c 'sleep 303 & echo $!' &
            setsid sh -c 'trap "" TERM HUP INT; echo $$; while :; do sleep 0.2; done' &
            (sh -c 'trap "" TERM; echo $$; while :; do sleep 0.2; done' >&2 & echo $!)
            env -i sleep 304 & echo $!
            """;
    private static final int FAMILY_SIZE = 6;

    private final ProcFs proc = new ProcFs();
    private final Path directory;

    ProcessTreeTest(@TempDir Path directory) {
        this.directory = directory;
    }

    @BeforeEach
    void hasProc() {
        assertTrue(proc.process(ProcessHandle.current().pid()) != null, "these tests need Linux's /proc");
    }

    enum End {
        STOP,
        KILL,
        EXIT_BY_ITSELF,
        KILLED_FROM_OUTSIDE
    }

    @ParameterizedTest
    @EnumSource
    void nothingOfAFamilyIsLeft(End how) throws Exception {
        String tail = how == End.EXIT_BY_ITSELF ? "read line; exit 0" : "while :; do sleep 0.2; done";
        AgentProcess process = start("echo $$\n" + FAMILY + tail);
        List<ProcessStat> family = family(process, FAMILY_SIZE + 1);
        Thread reader = Thread.ofPlatform().daemon().start(() -> drain(process));
        switch (how) {
            case STOP -> process.stop(Duration.ofMillis(100));
            case KILL -> process.kill();
            case EXIT_BY_ITSELF -> process.stdin().write("go");
            case KILLED_FROM_OUTSIDE ->
                ProcessHandle.of(process.pid()).orElseThrow().destroyForcibly();
        }
        ExitStatus status = process.awaitExit();
        assertEquals(List.of(), status.survivors());
        assertEquals(List.of(), family.stream().filter(this::lives).toList());
        reader.join();
    }

    @Test
    void othersAreNeverTouched() throws Exception {
        ProcessBuilder builder = new ProcessBuilder("sleep", "305");
        builder.environment().put(Mark.VARIABLE, mark().value());
        Process alien = builder.start();
        Process unmarked = new ProcessBuilder("sleep", "306").start();
        try {
            AgentProcess process = start(FAMILY + "exit 0");
            drain(process);
            assertEquals(ExitStatus.of(0), process.awaitExit());
            assertTrue(alien.isAlive());
            assertTrue(unmarked.isAlive());
        } finally {
            alien.destroyForcibly();
            unmarked.destroyForcibly();
        }
    }

    @Test
    void whatAChildStillWritesAfterTheExitIsNotCut() throws Exception {
        AgentProcess process =
                start("(for i in 1 2 3 4 5 6 7 8 9 10; do sleep 0.2; echo late $i; done; sleep 307) & exit 4");
        List<String> lines = drain(process);
        assertEquals(10, lines.size(), lines::toString);
        assertEquals("late 10", lines.getLast());
        assertEquals(ExitStatus.of(4), process.awaitExit());
    }

    @RepeatedTest(20)
    void aProcessThatIsGoneAtOnceLeavesItsChildsWordsUncut() throws Exception {
        AgentProcess process = start("(sleep 0.1; echo late) & exit 0");
        assertEquals(List.of("late"), drain(process));
    }

    @Test
    void aFloodFromAChildAfterTheExitArrivesWholeThoughTheReaderIsSlow() throws Exception {
        AgentProcess process = start("(seq 1 300000) & exit 0");
        List<String> lines = new ArrayList<>();
        OutputLine line = process.next();
        while (line != null) {
            lines.add(line.text());
            if (lines.size() % 60_000 == 0) {
                // Longer than the silence after which a pipe counts as left behind.
                Thread.sleep(700);
            }
            line = process.next();
        }
        assertEquals(300_000, lines.size());
        assertEquals("300000", lines.getLast());
    }

    @Test
    void aSilentChildThatHoldsThePipesDelaysTheEndByAMomentOnly() throws Exception {
        long start = System.nanoTime();
        AgentProcess process = start("sleep 308 & echo $!; setsid sleep 309 & exit 0");
        List<String> lines = drain(process);
        assertEquals(ExitStatus.of(0), process.awaitExit());
        assertEquals(1, lines.size());
        assertTrue(Duration.ofNanos(System.nanoTime() - start).toSeconds() < 5);
    }

    @Test
    @Timeout(60)
    void anAgentThatFloodsEndsThoughNobodyTakesItsLinesAnyMore() throws Exception {
        AgentProcess process = start("exec yes");
        assertThrows(
                IllegalStateException.class,
                () -> process.carry(_ -> {
                    throw new IllegalStateException("of the sink");
                }));
        process.kill();
        assertEquals(ExitStatus.KILLED, process.awaitExit().code());
    }

    @Test
    void theSweeperEndsOnlyWhatADeadRunnerOfThisEndpointLeft() throws Exception {
        EndpointId endpoint = new EndpointId("swept " + System.nanoTime());
        ProcessStat self = self();
        ProcessStat dead = new ProcessStat(self.pid(), "", 'R', 0, 0, 0, self.startTicks() - 1);
        Map<String, Process> running = new LinkedHashMap<>();
        running.put("leftover", marked(Mark.create(endpoint, dead).value()));
        running.put("mine", marked(Mark.create(endpoint, self).value()));
        running.put("other", marked(Mark.create(new EndpointId("other"), dead).value()));
        running.put("odd", marked(Mark.prefix(endpoint) + "x"));
        try {
            List<String> report = new LeftoverSweeper().sweep(endpoint);
            assertEquals(1, report.size(), report::toString);
            running.get("leftover").waitFor();
            List<String> left = running.entrySet().stream()
                    .filter(entry -> entry.getValue().isAlive())
                    .map(Map.Entry::getKey)
                    .toList();
            assertEquals(List.of("mine", "other", "odd"), left);
            assertEquals(List.of(), new LeftoverSweeper().sweep(endpoint));
        } finally {
            running.values().forEach(Process::destroyForcibly);
        }
    }

    @Test
    void withoutProcNothingIsSweptAndTheMainProcessStillEnds() throws Exception {
        ProcFs none = new ProcFs(directory.resolve("no-proc"));
        assertEquals(List.of(), new LeftoverSweeper(none).sweep(new EndpointId("e")));
        Launch launch = new Launch(
                "test",
                List.of("sh", "-c", "trap '' TERM; echo up; while :; do sleep 0.1; done"),
                Map.of(),
                directory,
                mark());
        AgentProcess process = AgentProcess.start(launch, new ProcessTable(none), starter());
        process.begin(() -> 100_000, line -> line, () -> {});
        assertEquals("up", String.valueOf(process.next()).replaceAll(".*text=(\\w+).*", "$1"));
        process.stop(Duration.ofMillis(50));
        assertEquals("was ended by signal 9 (SIGKILL)", process.awaitExit().describe());
    }

    /** Nothing else names such a child: it has no mark, its parent is gone, and its session's leader was never seen. */
    @Test
    void whatAProcessLeftThatWasGoneBeforeItWasLookedAtIsKnown() throws Exception {
        Map<String, String> environment = Map.of("PATH", System.getenv("PATH"));
        List<String> command = List.of("sh", "-c", "env -i sleep 311 & echo $!");
        Launch launch = new Launch("test", command, environment, directory, mark());
        Process process = starter().start(launch);
        if (starter().gated()) {
            process.getOutputStream().write('\n');
            process.getOutputStream().flush();
        }
        long child = Long.parseLong(process.inputReader().readLine());
        assertEquals(0, process.waitFor());
        ProcessTree tree = new ProcessTree(new ProcessTable(proc), process.pid(), launch.mark());
        assertEquals(
                List.of(child), tree.members().stream().map(ProcessStat::pid).toList());
        assertEquals(List.of(), tree.end(Duration.ofMillis(500), Duration.ofSeconds(5)));
    }

    Starter starter() {
        return Starter.best();
    }

    private AgentProcess start(String script) throws Exception {
        Map<String, String> environment = Map.of("PATH", System.getenv("PATH"));
        Launch launch = new Launch("test", List.of("sh", "-c", script), environment, directory, mark());
        AgentProcess process = AgentProcess.start(launch, new ProcessTable(proc), starter());
        process.begin(() -> 100_000, line -> line, () -> {});
        return process;
    }

    private Mark mark() {
        return Mark.create(new EndpointId("tree-test"), self());
    }

    private ProcessStat self() {
        return java.util.Objects.requireNonNull(
                proc.process(ProcessHandle.current().pid()));
    }

    private static Process marked(String mark) throws Exception {
        ProcessBuilder builder = new ProcessBuilder("sleep", "310");
        builder.environment().put(Mark.VARIABLE, mark);
        return builder.start();
    }

    private List<ProcessStat> family(AgentProcess process, int size) throws InterruptedException {
        List<ProcessStat> family = new ArrayList<>();
        while (family.size() < size) {
            OutputLine line = process.next();
            ProcessStat stat = line == null ? null : proc.process(Long.parseLong(line.text()));
            if (stat == null || !stat.alive()) {
                throw new AssertionError("no process " + line);
            }
            family.add(stat);
        }
        return family;
    }

    private boolean lives(ProcessStat process) {
        ProcessStat now = proc.process(process.pid());
        return now != null && now.same(process) && now.alive();
    }

    private static List<String> drain(AgentProcess process) {
        List<String> lines = new ArrayList<>();
        try {
            OutputLine line = process.next();
            while (line != null) {
                lines.add(line.text());
                line = process.next();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return lines;
    }
}
