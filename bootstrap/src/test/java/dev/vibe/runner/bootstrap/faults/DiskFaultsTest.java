package dev.vibe.runner.bootstrap.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.vibe.runner.testkit.LinkFault;
import dev.vibe.runner.testkit.Requires;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The disk does not take what is to be written down, while the server is away. */
class DiskFaultsTest {
    private static final int SESSIONS = 10;
    /** A script of 1 MB each: more than 8 MB of messages that wait for agents are refused. */
    private static final int AT_ONCE = 5;

    private static final Lines LINES = new Lines(700, 1_000, 50, 10);

    /** What happens while the server is away. */
    private interface Meanwhile {
        void go(Stage stage) throws Exception;
    }

    @Test
    void aFullDiskLosesNothing(@TempDir Path home) throws Exception {
        try (SmallDisk disk = new SmallDisk(home)) {
            Ledger ledger = withoutServer(
                    home, LINES, Map.of("VIBE_STATE_DIR", disk.path.toString()), stage -> awaitFailing(stage));
            FaultTable.add("full disk", "2 MB for 7 MB, server away", 1, ledger);
        }
    }

    /** They would stand still for as long as the server is away: nobody who waits for room tries the disk. */
    @Test
    void agentsThatWaitForAFullDiskGoOnWhenItHasRoomAgain(@TempDir Path home) throws Exception {
        Lines lines = new Lines(1_000, 1_000, 50, 1_000); // 20 s of work, and 20 MB: more than the 16 MB of memory
        try (SmallDisk disk = new SmallDisk(home);
                Stage stage = new Stage(home, Map.of("VIBE_STATE_DIR", disk.path.toString()))) {
            stage.runner.start();
            for (int started = AT_ONCE; started <= 2 * SESSIONS; started += AT_ONCE) {
                stage.start(AT_ONCE, lines.script());
                stage.awaitSpeaking(started);
            }
            stage.proxy.apply(new LinkFault.Refuse());
            awaitFailing(stage);
            disk.grow();
            Subject.await(
                    "the end of all agents",
                    Stage.PATIENCE,
                    () -> stage.runner.agents().isEmpty());
            assertTrue(stage.runner.log().contains("the journal can be written again"), stage.runner.log());
            stage.proxy.apply(new LinkFault.Healthy());
            FaultTable.add(
                    "disk full for a while", "2 MB, then 64 MB for 20 MB, server away", 1, judged(stage, lines, 2));
        }
    }

    @Test
    void aStateDirectoryThatCannotBeUsedLosesNothing(@TempDir Path home) throws Exception {
        Path state = Files.createFile(home.resolve("a-file"));
        Ledger ledger = withoutServer(home, LINES, Map.of("VIBE_STATE_DIR", state.toString()), stage -> {
            assertTrue(stage.runner.log().contains("cannot be used"), stage.runner.log());
            Thread.sleep(4_000);
        });
        FaultTable.add("state directory unusable", "server away", 1, ledger);
    }

    @Test
    void aFullOutboxMakesAgentsWaitAndLosesNothing(@TempDir Path home) throws Exception {
        Lines lines = new Lines(1_000, 1_000, 50, 50);
        Ledger ledger = withoutServer(home, lines, Map.of("VIBE_OUTBOX_MAX_MB", "1"), stage -> {
            Thread.sleep(4_000); // they need one to say it all, and then exit
            int waiting = stage.runner.agents().size(); // some may have been done before the server went
            assertTrue(waiting > SESSIONS / 2, () -> "agents that wait: " + waiting);
        });
        FaultTable.add("outbox full", "1 MB for 10 MB, server away", 1, ledger);
    }

    private static void awaitFailing(Stage stage) throws Exception {
        Subject.await(
                "word of it in the log",
                Stage.PATIENCE,
                () -> stage.runner.log().contains("the journal cannot be written"));
    }

    private static Ledger withoutServer(Path home, Lines lines, Map<String, String> settings, Meanwhile meanwhile)
            throws Exception {
        try (Stage stage = new Stage(home, settings)) {
            stage.runner.start();
            stage.start(SESSIONS, lines.script());
            stage.awaitStarted(SESSIONS);
            stage.proxy.apply(new LinkFault.Refuse());
            meanwhile.go(stage);
            stage.proxy.apply(new LinkFault.Healthy());
            return judged(stage, lines, 1);
        }
    }

    private static Ledger judged(Stage stage, Lines lines, int times) throws InterruptedException {
        stage.awaitEnded(times * SESSIONS);
        Ledger ledger = Ledger.of(stage.server.counts(), lines.count());
        assertEquals(List.of(), ledger.problems());
        assertEquals((long) times * SESSIONS * lines.count(), ledger.lines());
        return ledger;
    }

    /** A file system of 2 MB in memory. */
    private static final class SmallDisk implements AutoCloseable {
        final Path path;

        SmallDisk(Path home) throws IOException {
            path = Files.createDirectory(home.resolve("small-disk"));
            boolean mounted = run("mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", path.toString());
            Requires.that("tmpfs", mounted, "only root may mount a small disk");
        }

        void grow() throws IOException {
            assertTrue(run("mount", "-o", "remount,size=64m", path.toString()));
        }

        @Override
        public void close() throws IOException {
            assertTrue(run("umount", path.toString()));
        }
    }

    private static boolean run(String... command) throws IOException {
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            return process.waitFor() == 0;
        } catch (InterruptedException over) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException(String.join(" ", command));
        }
    }
}
