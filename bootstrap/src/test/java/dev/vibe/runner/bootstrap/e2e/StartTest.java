package dev.vibe.runner.bootstrap.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is in the way of a start, and is no reason for a thousand more. */
@Timeout(120)
class StartTest {
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final String LAUNCHER =
            RunnerProcess.DISTRIBUTION.resolve("bin/vibe-runner").toString();
    private static final String TRYING = "cannot connect to http://127.0.0.1:9";
    private static final String IN_A_DELETED_DIRECTORY =
            "mkdir -p gone/away && cd gone/away && rm -r ../../gone && exec \"$1\"";

    private final Path home;

    StartTest(@TempDir Path home) {
        this.home = home;
    }

    @Test
    void itStartsInADirectoryThatHasBeenDeleted() throws Exception {
        try (RunnerProcess runner = start(Map.of(), IN_A_DELETED_DIRECTORY)) {
            runner.awaitLog(TRYING);
            runner.terminate();
            assertEquals(0, runner.awaitExit(SOON), runner.log());
            assertTrue(runner.log().contains("gone/away has been deleted; going on in /"), runner.log());
            assertFalse(runner.log().contains("\tat "), runner.log());
        }
    }

    @Test
    void itStartsAgainThoughItsDirectoryHasBeenDeletedMeanwhile() throws Exception {
        Path directory = Files.createDirectory(home.resolve("meanwhile"));
        try (RunnerProcess runner = start(Map.of(), "cd meanwhile && exec \"$1\"")) {
            runner.awaitLog(TRYING);
            Files.delete(directory);
            long first = runner.killJava(0);
            runner.awaitLog("meanwhile has been deleted; going on in /");
            runner.killJava(first);
            runner.terminate();
            runner.awaitExit(SOON);
            assertFalse(runner.log().contains("\tat "), runner.log());
        }
    }

    @Test
    void aSettingThatIsRelativeToADeletedDirectoryIsNamed() throws Exception {
        try (RunnerProcess runner = start(Map.of("VIBE_STATE_DIR", "state"), IN_A_DELETED_DIRECTORY)) {
            assertEquals(78, runner.awaitExit(SOON), runner.log());
            assertTrue(runner.log().contains("VIBE_STATE_DIR is \"state\", which is relative"), runner.log());
            assertFalse(runner.log().contains("starting it again"), runner.log());
        }
    }

    @Test
    void aDirectoryThatIsThereAgainIsUsedAgain() throws Exception {
        Path directory = Files.createDirectory(home.resolve("remade"));
        Map<String, String> relative = Map.of("VIBE_LOG_FILE", "relative.log");
        try (RunnerProcess runner = start(relative, "cd remade && exec \"$1\"")) {
            runner.awaitLog(TRYING);
            Files.delete(directory.resolve("relative.log"));
            Files.delete(directory);
            Files.createDirectory(directory);
            runner.killJava(0);
            runner.awaitFile(directory.resolve("relative.log"));
            runner.terminate();
            runner.awaitExit(SOON);
        }
    }

    @Test
    void tooFewOpenFilesAreNamedAndNotTriedForEver() throws Exception {
        for (int limit : new int[] {14, 30, 40}) {
            try (RunnerProcess runner = start(Map.of(), "ulimit -n " + limit + " && exec \"$1\"")) {
                assertEquals(78, runner.awaitExit(SOON), runner.log());
                assertTrue(runner.log().contains("the limit of open files (ulimit -n) is "), runner.log());
                assertFalse(runner.log().contains("starting it again"), runner.log());
            }
        }
        try (RunnerProcess doctor = start(Map.of(), "ulimit -n 40 && exec \"$1\" doctor")) {
            assertEquals(78, doctor.awaitExit(SOON), doctor.log());
            assertTrue(doctor.log().contains("the limit of open files (ulimit -n) is "), doctor.log());
            assertFalse(doctor.log().contains("\tat "), doctor.log());
        }
    }

    @Test
    void aRunnerThatCannotStartIsGivenUpWithTheReason() throws Exception {
        Map<String, String> broken = Map.of("PATH", hasty(), "VIBE_RUNNER_JAVA_OPTS", "-XX:NoSuchOption");
        try (RunnerProcess runner = start(broken, "exec \"$1\"")) {
            assertEquals(71, runner.awaitExit(SOON), runner.log());
            assertTrue(runner.log().contains("could not start, 10 times in a row"), runner.log());
            assertTrue(runner.log().contains("Unrecognized VM option 'NoSuchOption'"), runner.log());
        }
    }

    @Test
    void aRunnerThatIsKilledIsStartedAgainHoweverOften() throws Exception {
        try (RunnerProcess runner = start(Map.of("PATH", hasty()), "exec \"$1\"")) {
            long java = 0;
            for (int i = 0; i < 15; i++) {
                java = runner.killJava(java);
            }
            runner.awaitLog(TRYING);
            runner.terminate();
            assertEquals(0, runner.awaitExit(SOON), runner.log());
        }
    }

    /** A PATH on which a {@code sleep} takes no time. */
    private String hasty() throws Exception {
        Path bin = Files.createDirectory(home.resolve("bin"));
        Path sleep = Files.writeString(bin.resolve("sleep"), "#!/bin/sh\n");
        Files.setPosixFilePermissions(sleep, PosixFilePermissions.fromString("rwx------"));
        return bin + ":" + System.getenv("PATH");
    }

    private RunnerProcess start(Map<String, String> settings, String script) throws Exception {
        Map<String, String> environment = new TreeMap<>(Map.of(
                "PATH",
                System.getenv("PATH"),
                "HOME",
                home.toString(),
                "VIBE_SERVER_URL",
                "http://127.0.0.1:9",
                "VIBE_AUTH_TOKEN",
                "the-token"));
        environment.putAll(settings);
        return RunnerProcess.start(home, environment, List.of("sh", "-c", script, "sh", LAUNCHER));
    }
}
