package dev.vibe.runner.adapter.process;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.vibe.runner.domain.EndpointId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who belongs to an agent once the system gives its old pids to others; its view of processes is made up. */
class ReusedPidTest {
    // Above all that Linux gives: one of them might be this test's own.
    private static final long INIT = 1;
    private static final long MAIN = 5_000_100;
    private static final long TOOL = 5_000_200;
    private static final long OTHER = 5_000_300;

    private final Path root;
    private final Mark mark = mark(1);

    ReusedPidTest(@TempDir Path root) {
        this.root = root;
    }

    private static Mark mark(long runnerStart) {
        return Mark.create(new EndpointId("reused"), new ProcessStat(1, "", 'R', 0, 0, 0, runnerStart));
    }

    @BeforeEach
    void mainRuns() throws IOException {
        appear(MAIN, INIT, MAIN, "VIBE_RUNNER_MARK=" + mark.value());
    }

    private void appear(long pid, long parent, long session, String environment) throws IOException {
        Path directory = Files.createDirectories(root.resolve(Long.toString(pid)));
        String numbers =
                " " + parent + " " + session + " " + session + " 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 " + pid + " 0 0";
        Files.writeString(directory.resolve("stat"), pid + " (x) S" + numbers);
        Files.writeString(directory.resolve("environ"), environment);
    }

    private void vanish(long pid) throws IOException {
        Path directory = root.resolve(Long.toString(pid));
        Files.delete(directory.resolve("stat"));
        Files.delete(directory.resolve("environ"));
        Files.delete(directory);
    }

    private ProcessTree tree() {
        return new ProcessTree(new ProcessTable(new ProcFs(root)), MAIN, mark);
    }

    private static List<Long> pids(ProcessTree tree) {
        return tree.members().stream().map(ProcessStat::pid).sorted().toList();
    }

    @Test
    void anothersSessionUnderAPidThatWasOursIsNotOurs() throws Exception {
        ProcessTree tree = tree();
        appear(TOOL, MAIN, TOOL, "");
        assertEquals(List.of(MAIN, TOOL), pids(tree));
        vanish(TOOL);
        assertEquals(List.of(MAIN), pids(tree));
        appear(OTHER, INIT, TOOL, "VIBE_RUNNER_MARK=" + mark(2).value());
        assertEquals(List.of(MAIN), pids(tree));
    }

    @Test
    void aPidThatWasOursIsForgottenWhenItHasBeenMissingTwice() throws Exception {
        ProcessTree tree = tree();
        appear(TOOL, MAIN, TOOL, "");
        assertEquals(List.of(MAIN, TOOL), pids(tree));
        vanish(TOOL);
        assertEquals(List.of(MAIN), pids(tree));
        assertEquals(List.of(MAIN), pids(tree));
        appear(OTHER, INIT, TOOL, "");
        assertEquals(List.of(MAIN), pids(tree));
    }

    /** A look is not one moment's picture: a child may come behind the place where its leader was missed. */
    @Test
    void whatADeadLeaderLeftIsOursThoughTheFirstLookMissedIt() throws Exception {
        ProcessTree tree = tree();
        appear(TOOL, MAIN, TOOL, "");
        assertEquals(List.of(MAIN, TOOL), pids(tree));
        vanish(TOOL);
        assertEquals(List.of(MAIN), pids(tree));
        appear(OTHER, INIT, TOOL, "");
        vanish(MAIN);
        for (int look = 0; look < 5; look++) {
            assertEquals(List.of(OTHER), pids(tree));
        }
    }

    @Test
    void whatTheMainProcessLeftStaysOursHoweverLongItLives() throws Exception {
        ProcessTree tree = tree();
        vanish(MAIN);
        appear(TOOL, INIT, MAIN, "");
        for (int look = 0; look < 5; look++) {
            assertEquals(List.of(TOOL), pids(tree));
        }
        vanish(TOOL);
        appear(OTHER, INIT, MAIN, "");
        assertEquals(List.of(OTHER), pids(tree));
    }

    /** An agent that works on this runner starts runners itself. */
    @Test
    void anAgentsOwnRunnersAgentsEndWithIt() throws Exception {
        ProcessTree tree = tree();
        appear(TOOL, MAIN, MAIN, "VIBE_RUNNER_MARK=" + mark.value());
        appear(OTHER, TOOL, OTHER, "VIBE_RUNNER_MARK=" + mark(2).value());
        assertEquals(List.of(MAIN, TOOL, OTHER), pids(tree));
    }
}
