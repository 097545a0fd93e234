package dev.vibe.runner.bootstrap.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.vibe.runner.testkit.LinkFault;
import dev.vibe.runner.testkit.Requires;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The disk does not take what is to be written down, while the server is away. */
class DiskFaultsTest {
    private static final int SESSIONS = 10;
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
        Lines lines = new Lines(3_000, 1_000, 50, 10);
        long all = (long) SESSIONS * lines.count() * lines.length();
        try (SmallDisk disk = new SmallDisk(home)) {
            Ledger ledger = withoutServer(home, lines, Map.of("VIBE_STATE_DIR", disk.path.toString()), stage -> {
                awaitFailing(stage);
                Subject.await(
                        "agents that wait",
                        Stage.PATIENCE,
                        () -> !stage.runner.agents().isEmpty());
                disk.grow();
                Subject.await("all of it on disk", Stage.PATIENCE, () -> size(disk.path) > all);
                assertTrue(stage.runner.log().contains("the journal can be written again"), stage.runner.log());
            });
            FaultTable.add("disk full for a while", "2 MB, then 64 MB for 30 MB, server away", 1, ledger);
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
        Path state = home.resolve("state");
        Ledger ledger = withoutServer(home, LINES, Map.of("VIBE_OUTBOX_MAX_MB", "1"), stage -> {
            Subject.await("a full outbox", Stage.PATIENCE, () -> size(state) > 900_000);
            Thread.sleep(2_000); // they would have said it all
            assertTrue(size(state) < 3_000_000, () -> "the outbox has " + size(state));
            assertTrue(stage.runner.agents().size() >= SESSIONS, "agents have not waited");
        });
        FaultTable.add("outbox full", "1 MB for 7 MB, server away", 1, ledger);
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
            stage.awaitEnded(SESSIONS);
            Ledger ledger = Ledger.of(stage.server.counts(), lines.count());
            assertEquals(List.of(), ledger.problems());
            assertEquals((long) SESSIONS * lines.count(), ledger.lines());
            return ledger;
        }
    }

    private static long size(Path directory) {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(file -> file.toString().endsWith(".segment"))
                    .mapToLong(file -> file.toFile().length())
                    .sum();
        } catch (IOException | UncheckedIOException changing) {
            return 0;
        }
    }

    /** A file system of 2 MB in memory. */
    private static final class SmallDisk implements AutoCloseable {
        final Path path;

        SmallDisk(Path home) throws Exception {
            path = Files.createDirectory(home.resolve("small-disk"));
            boolean mounted = run("mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", path.toString());
            Requires.that("tmpfs", mounted, "only root may mount a small disk");
        }

        void grow() throws Exception {
            assertTrue(run("mount", "-o", "remount,size=64m", path.toString()));
        }

        @Override
        public void close() throws Exception {
            assertTrue(run("umount", path.toString()));
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
