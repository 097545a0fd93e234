package dev.vibe.runner.bootstrap.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.vibe.runner.testkit.LinkFault;
import dev.vibe.runner.testkit.Requires;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The disk does not take what is to be written down, while the server is away. */
class DiskFaultsTest {
    private static final int SESSIONS = 10;
    private static final Lines LINES = new Lines(700, 1_000, 50, 10);

    @Test
    void aFullDiskLosesNothing(@TempDir Path home) throws Exception {
        Path state = Files.createDirectory(home.resolve("small-disk"));
        boolean mounted = run("mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", state.toString());
        Requires.that("tmpfs", mounted, "only root may mount a small disk");
        try {
            Ledger ledger =
                    withoutServer(home, Map.of("VIBE_STATE_DIR", state.toString()), "the journal cannot be written");
            FaultTable.add("full disk", "2 MB for 7 MB, server away", 1, ledger);
        } finally {
            assertTrue(run("umount", state.toString()));
        }
    }

    @Test
    void aStateDirectoryThatCannotBeUsedLosesNothing(@TempDir Path home) throws Exception {
        Path state = Files.createFile(home.resolve("a-file"));
        Ledger ledger = withoutServer(home, Map.of("VIBE_STATE_DIR", state.toString()), "cannot be used");
        FaultTable.add("state directory unusable", "server away", 1, ledger);
    }

    @Test
    void aFullOutboxMakesAgentsWaitAndLosesNothing(@TempDir Path home) throws Exception {
        Ledger ledger = withoutServer(home, Map.of("VIBE_OUTBOX_MAX_MB", "1"), "connected");
        FaultTable.add("outbox full", "1 MB for 7 MB, server away", 1, ledger);
    }

    private static Ledger withoutServer(Path home, Map<String, String> settings, String said) throws Exception {
        try (Stage stage = new Stage(home, settings)) {
            stage.runner.start();
            stage.start(SESSIONS, LINES.script());
            stage.awaitStarted(SESSIONS);
            stage.proxy.apply(new LinkFault.Refuse());
            Thread.sleep(4_000);
            Subject.await(
                    "word of it in the log",
                    Stage.PATIENCE,
                    () -> stage.runner.log().contains(said));
            stage.proxy.apply(new LinkFault.Healthy());
            stage.awaitEnded(SESSIONS);
            Ledger ledger = Ledger.of(stage.server.counts(), LINES.count());
            assertEquals(List.of(), ledger.problems());
            assertEquals((long) SESSIONS * LINES.count(), ledger.lines());
            return ledger;
        }
    }

    private static boolean run(String... command) throws Exception {
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        return process.waitFor() == 0;
    }
}
