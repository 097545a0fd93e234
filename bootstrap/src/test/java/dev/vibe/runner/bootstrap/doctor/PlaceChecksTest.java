package dev.vibe.runner.bootstrap.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.vibe.runner.bootstrap.RunnerSettings;
import dev.vibe.runner.bootstrap.doctor.Finding.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(30)
class PlaceChecksTest {
    private static final long PLENTY = 1L << 40;

    private final Path state;

    PlaceChecksTest(@TempDir Path state) {
        this.state = state;
    }

    private List<Finding> examine(List<String> suspicions, OptionalLong memory, PlaceChecks.Disks disks)
            throws Exception {
        RunnerSettings settings = RunnerSettings.from(Map.of(
                "VIBE_SERVER_URL", "http://localhost",
                "VIBE_AUTH_TOKEN", "the-token",
                "VIBE_WORKING_DIR", state.toString(),
                "VIBE_STATE_DIR", state.toString(),
                "VIBE_OUTBOX_MAX_MB", "256"));
        List<Finding> findings = new ArrayList<>();
        new PlaceChecks(settings, suspicions, memory, disks, new Findings(findings::add)).examine();
        return findings;
    }

    private static Finding of(List<Finding> findings, String check) {
        return findings.stream()
                .filter(finding -> finding.check().equals(check))
                .findFirst()
                .orElseThrow();
    }

    @ParameterizedTest
    @CsvSource({
        "9999999, FAIL, '9 MB are free for the state directory: free some, or set VIBE_STATE_DIR'",
        "10000000, WARN, '10 MB are free for the state directory, less than VIBE_OUTBOX_MAX_MB=256'",
        "255999999, WARN, '255 MB are free for the state directory, less than VIBE_OUTBOX_MAX_MB=256'",
        "256000000, OK, '256 MB are free for the state directory'"
    })
    void littleRoomOnTheDiskIsNamed(long free, Verdict verdict, String text) throws Exception {
        Finding disk = of(examine(List.of(), OptionalLong.empty(), _ -> free), "disk");
        assertEquals(text, disk.text());
        assertEquals(verdict, disk.verdict());
    }

    @Test
    void theDiskIsTheStateDirectorys() throws Exception {
        List<Path> asked = new ArrayList<>();
        List<Finding> _ = examine(List.of(), OptionalLong.empty(), directory -> {
            asked.add(directory);
            return PLENTY;
        });
        assertEquals(List.of(state), asked);
    }

    @Test
    void aDiskThatTellsNothingIsNotJudged() throws Exception {
        Finding disk = of(
                examine(List.of(), OptionalLong.empty(), directory -> {
                    throw new IOException("no such mount: " + directory);
                }),
                "disk");
        assertEquals(Verdict.SKIP, disk.verdict());
    }

    /** Of little memory the runner's own check at its start speaks; see SetupCheckTest. */
    @Test
    void whatTheRunnerWouldLogOfItsMachineIsAWarning() throws Exception {
        List<Finding> findings =
                examine(List.of("there are 300 MB of memory for agents"), OptionalLong.of(314_572_800), _ -> PLENTY);
        assertEquals(Verdict.WARN, of(findings, "machine").verdict());
        assertEquals(
                "there are 300 MB of memory for agents", of(findings, "machine").text());
        assertEquals(
                "314 MB for agents; one takes 150 to 500 MB",
                of(findings, "memory").text());
    }

    @Test
    void aStateDirectoryThatCannotBeMadeIsNamedAndItsDiskNotAskedFor() throws Exception {
        Path file = Files.createFile(state.resolve("file"));
        RunnerSettings settings = RunnerSettings.from(Map.of(
                "VIBE_SERVER_URL",
                "http://localhost",
                "VIBE_AUTH_TOKEN",
                "the-token",
                "VIBE_WORKING_DIR",
                state.toString(),
                "VIBE_STATE_DIR",
                file.resolve("below").toString()));
        List<Finding> findings = new ArrayList<>();
        PlaceChecks.Disks none = directory -> {
            throw new AssertionError("asked for " + directory);
        };
        new PlaceChecks(settings, List.of(), OptionalLong.empty(), none, new Findings(findings::add)).examine();
        assertEquals(Verdict.FAIL, of(findings, "state directory").verdict());
    }
}
