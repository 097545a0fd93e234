package dev.vibe.runner.bootstrap.e2e;

import dev.vibe.runner.testkit.NodeServer;
import dev.vibe.runner.testkit.Requires;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * A place of a user without rights, who runs the distribution and its agents: nobody where the tests run as root, else the
 * tests' own user. Removed when closed.
 */
final class Unprivileged implements AutoCloseable {
    private static final Path SETPRIV = Path.of("/usr/bin/setpriv");
    private static final String NOBODY = "65534";

    final Path home;
    private final Path distribution;
    private final boolean root;

    private Unprivileged(Path base, boolean root) throws IOException {
        this.root = root;
        this.home = Files.createDirectory(base.resolve("home"));
        if (root) {
            // What lies in root's home the other user cannot reach.
            distribution = base.resolve("vibe-runner");
            run(List.of("cp", "-r", RunnerProcess.DISTRIBUTION.toString(), distribution.toString()));
            run(List.of("chown", NOBODY, home.toString()));
        } else {
            distribution = RunnerProcess.DISTRIBUTION;
        }
    }

    static Unprivileged open() throws IOException {
        boolean root = System.getProperty("user.name").equals("root");
        Requires.that("unprivileged", !root || Files.isExecutable(SETPRIV), "no " + SETPRIV);
        Path base = Files.createTempDirectory("unprivileged");
        Files.setPosixFilePermissions(base, PosixFilePermissions.fromString("rwxr-xr-x"));
        return new Unprivileged(base, root);
    }

    /** A command line that runs another as this user. */
    List<String> as(List<String> command) {
        List<String> all = new ArrayList<>();
        if (root) {
            all.addAll(List.of(
                    SETPRIV.toString(), "--reuid=" + NOBODY, "--regid=" + NOBODY, "--clear-groups", "--inh-caps=-all"));
        }
        all.addAll(command);
        return all;
    }

    /** What a runner of this user needs to know; may be added to. */
    Map<String, String> environment(NodeServer server, String token) {
        return new TreeMap<>(Map.of(
                "PATH", "/usr/local/bin:/usr/bin:/bin",
                "HOME", home.toString(),
                "VIBE_SERVER_URL", server.uri().toString(),
                "VIBE_AUTH_TOKEN", token,
                "VIBE_STATE_DIR", home.resolve("state").toString(),
                "VIBE_WORKING_DIR", home.toString()));
    }

    RunnerProcess start(Map<String, String> environment) throws IOException {
        return RunnerProcess.start(
                home,
                environment,
                as(List.of(distribution.resolve("bin/vibe-runner").toString())));
    }

    /** A program for everyone. */
    Path program(String name, String text) throws IOException {
        Path file = Files.writeString(home.resolve(name), text);
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private static void run(List<String> command) throws IOException {
        Process process = new ProcessBuilder(command).inheritIO().start();
        if (process.onExit().orTimeout(60, TimeUnit.SECONDS).join().exitValue() != 0) {
            throw new IOException("failed: " + command);
        }
    }

    @Override
    public void close() throws IOException {
        Path base = home.getParent();
        if (base != null) {
            run(List.of("rm", "-rf", base.toString()));
        }
    }
}
