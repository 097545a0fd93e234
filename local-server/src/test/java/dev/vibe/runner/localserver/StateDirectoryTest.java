package dev.vibe.runner.localserver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class StateDirectoryTest {
    @TempDir
    private Path folder = Path.of("");

    @Test
    void theOneThatTheUserNamesIsTakenAndStays() throws IOException {
        Path wished = folder.resolve("mine");
        StateDirectory state = StateDirectory.of(Map.of("VIBE_STATE_DIR", " " + wished + " "));
        assertEquals(new StateDirectory(wished, false), state);
        state.ownedBy(ProcessHandle.current());
        assertFalse(Files.exists(wished), "it is the runner's to make");
    }

    @Test
    void whatKilledOnesHaveLeftGoesAndNothingElse() throws Exception {
        Process dead = new ProcessBuilder("true").start();
        assertEquals(0, dead.waitFor());
        Path leftover = made("vibe-local-1", StateDirectory.line(dead.pid()));
        Path outside = Files.createDirectories(folder.resolve("outside"));
        Files.writeString(outside.resolve("precious"), "");
        Files.createSymbolicLink(leftover.resolve("link"), outside);
        Path lives = made(
                "vibe-local-2",
                StateDirectory.line(dead.pid())
                        + StateDirectory.line(ProcessHandle.current().pid()));
        Path unknown = Files.createDirectories(folder.resolve("vibe-local-3"));
        Path nonsense = made("vibe-local-4", "nonsense\n");
        Path unnamed = made("vibe-local-6", "");
        Path foreign = made("vibe-local-7", dead.pid() + " pid:[1]\n");
        Files.writeString(outside.resolve("owners"), StateDirectory.line(dead.pid()));
        Path link = Files.createSymbolicLink(folder.resolve("vibe-local-5"), outside);

        StateDirectory state = StateDirectory.of(Map.of("TMPDIR", folder.toString()));
        assertTrue(state.temporary());
        assertTrue(Files.isDirectory(state.path()));
        assertFalse(Files.exists(leftover), "its owner is gone");
        assertTrue(Files.exists(outside.resolve("precious")), "links are not followed");
        assertTrue(Files.exists(lives), "one of its owners lives");
        assertTrue(Files.exists(unknown), "whose it is nobody knows");
        assertTrue(Files.exists(nonsense), "nor here");
        assertTrue(Files.exists(unnamed), "its owner is about to be named");
        assertTrue(Files.exists(foreign), "its owner's ids are not ours");
        assertTrue(Files.isSymbolicLink(link));
    }

    private Path made(String name, String owners) throws IOException {
        Path directory = Files.createDirectories(folder.resolve(name));
        Files.writeString(directory.resolve("owners"), owners);
        return directory;
    }

    @Test
    void anOwnerThatNobodyHasWaitedForIsGoneAllTheSame() throws Exception {
        Process parent = new ProcessBuilder("/bin/sh", "-c", "sleep 0 & echo $!; exec sleep 60").start();
        try {
            long pid = Long.parseLong(parent.inputReader().readLine());
            while (ProcessHandle.of(pid)
                    .flatMap(process -> process.info().command())
                    .isPresent()) {
                Thread.onSpinWait(); // it sleeps no time
            }
            assertTrue(ProcessHandle.of(pid).isPresent(), "its parent does not wait for it");
            Path leftover = made("vibe-local-1", StateDirectory.line(pid));
            assertTrue(StateDirectory.of(Map.of("TMPDIR", folder.toString())).temporary());
            assertFalse(Files.exists(leftover));
        } finally {
            parent.destroyForcibly();
        }
    }
}
