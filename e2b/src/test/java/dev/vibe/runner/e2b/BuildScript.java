package dev.vibe.runner.e2b;

import dev.vibe.runner.testkit.Requires;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A finished run of one of the build scripts, as a person starts them: by npm, in the repository's root.
 *
 * @param output stdout and stderr
 */
record BuildScript(int exitCode, String output) {
    /** The repository. */
    static final Path ROOT =
            Path.of(System.getProperty("vibe.root", "..")).toAbsolutePath().normalize();

    /** The distribution that bootstrap has built. */
    static final Path DISTRIBUTION = ROOT.resolve("bootstrap/target/vibe-runner");

    /** Skips (or fails, see {@link Requires}) the calling test unless the scripts can be run. */
    static void require() {
        Requires.that("node", Files.isDirectory(ROOT.resolve("e2b/node_modules/e2b")), "run npm ci in e2b");
        Requires.that("node", Files.isDirectory(DISTRIBUTION), "no " + DISTRIBUTION + "; run ./mvnw package");
    }

    /**
     * Runs it to its end.
     *
     * @param script as the root's package.json names it
     * @param environment besides PATH and HOME; else it gets none
     */
    static BuildScript run(String script, Path scratch, Map<String, String> environment)
            throws IOException, InterruptedException {
        return run(ROOT, script, scratch, environment);
    }

    /** The same in another checkout. */
    static BuildScript run(Path root, String script, Path scratch, Map<String, String> environment)
            throws IOException, InterruptedException {
        require();
        Path log = Files.createTempFile(scratch, script.replace(':', '-'), ".log");
        List<String> command = new ArrayList<>(List.of("npm", "run", "--silent", script));
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(root.toFile())
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        Map<String, String> variables = builder.environment();
        variables.keySet().retainAll(List.of("PATH", "HOME"));
        variables.putAll(environment);
        Process process = builder.start();
        if (!process.waitFor(100, TimeUnit.SECONDS)) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
            throw new AssertionError(script + " does not end:\n" + Files.readString(log));
        }
        return new BuildScript(process.exitValue(), Files.readString(log));
    }

    /** The environment of a build that can succeed. */
    static Map<String, String> environment(E2bApi api) {
        return Map.of(
                "E2B_API_URL", api.url().toString(),
                "E2B_API_KEY", E2bApi.KEY,
                "VIBE_E2B_DISTRIBUTION", DISTRIBUTION.toString());
    }
}
