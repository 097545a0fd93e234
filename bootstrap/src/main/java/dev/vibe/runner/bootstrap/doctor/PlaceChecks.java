package dev.vibe.runner.bootstrap.doctor;

import dev.vibe.runner.bootstrap.Parts;
import dev.vibe.runner.bootstrap.RunnerSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;

/** Directories, disk and memory. */
final class PlaceChecks {
    private static final long MEGABYTE = 1_000_000;
    private static final long TOO_LITTLE = 10;

    /** What is known of disks. */
    interface Disks {
        /** Bytes that this user can still write below a directory. */
        long free(Path directory) throws IOException;
    }

    private final RunnerSettings settings;
    private final List<String> suspicions;
    private final OptionalLong memory;
    private final Disks disks;
    private final Findings findings;

    PlaceChecks(RunnerSettings settings, Parts parts, Findings findings) {
        this(
                settings,
                parts.suspicions(),
                parts.memory(),
                directory -> Files.getFileStore(directory).getUsableSpace(),
                findings);
    }

    /**
     * For a machine of which this is known.
     *
     * @param suspicions what the runner itself would log of it at its start
     * @param memory as {@link Parts#memory}
     */
    PlaceChecks(RunnerSettings settings, List<String> suspicions, OptionalLong memory, Disks disks, Findings findings) {
        this.settings = settings;
        this.suspicions = suspicions;
        this.memory = memory;
        this.disks = disks;
        this.findings = findings;
    }

    void examine() {
        directory("working directory", settings.workingDirectory(), "VIBE_WORKING_DIR");
        settings.workspaceRoot().ifPresent(root -> directory("workspace root", root, "VIBE_WORKSPACE_ROOT"));
        stateDirectory();
        suspicions.forEach(problem -> findings.warn("machine", problem));
        memory.ifPresent(bytes -> findings.ok("memory", bytes / MEGABYTE + " MB for agents; one takes 150 to 500 MB"));
    }

    private void directory(String name, Path directory, String variable) {
        if (!Files.isDirectory(directory)) {
            findings.fail(name, directory + " is no directory: make it, or set " + variable);
        } else if (!writable(directory)) {
            findings.warn(
                    name, directory + " cannot be written by this user: agents can only read there (" + variable + ")");
        } else {
            findings.ok(name, directory + " can be written");
        }
    }

    /** Made by the runner if missing, so the nearest directory above counts. */
    private void stateDirectory() {
        Path state = settings.stateDirectory().toAbsolutePath();
        Path at = state;
        while (at != null && !Files.exists(at)) {
            at = at.getParent();
        }
        if (at == null || !Files.isDirectory(at) || !writable(at)) {
            findings.fail(
                    "state directory",
                    state + " cannot be made or written: what waits for the server would not survive a crash; set"
                            + " VIBE_STATE_DIR");
            return;
        }
        findings.ok("state directory", state + (at.equals(state) ? " can be written" : " can be made"));
        disk(at);
    }

    private void disk(Path at) {
        try {
            long free = disks.free(at) / MEGABYTE;
            String text = free + " MB are free for the state directory";
            if (free < TOO_LITTLE) {
                findings.fail("disk", text + ": free some, or set VIBE_STATE_DIR");
            } else if (free < settings.outboxMaxMegabytes()) {
                findings.warn("disk", text + ", less than VIBE_OUTBOX_MAX_MB=" + settings.outboxMaxMegabytes());
            } else {
                findings.ok("disk", text);
            }
        } catch (IOException unknown) {
            findings.skip("disk", "the system does not say how much is free");
        }
    }

    /** Tried, not asked for: a read-only or full file system says that it is writable. */
    private static boolean writable(Path directory) {
        try {
            Path probe = Files.createTempFile(directory, ".vibe-runner-doctor", "");
            Files.delete(probe);
            return true;
        } catch (IOException refused) {
            return false;
        }
    }
}
