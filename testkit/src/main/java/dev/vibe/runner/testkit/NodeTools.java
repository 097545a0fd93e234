package dev.vibe.runner.testkit;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/** Where Node and the test kit's packages for it are. */
public final class NodeTools {
    private NodeTools() {}

    /** Skips (or fails, see {@link Requires}) the calling test unless Node and the packages are there. */
    public static void require() {
        Requires.that("node", executable().isPresent(), "node is not on the PATH");
        Requires.that(
                "node", Files.isDirectory(directory().resolve("node_modules/socket.io")), "run npm ci in testkit/node");
    }

    /** The {@code node} on the PATH. */
    public static Optional<Path> executable() {
        String path = System.getenv().getOrDefault("PATH", "");
        return Arrays.stream(path.split(File.pathSeparator))
                .map(entry -> Path.of(entry, "node"))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** {@code testkit/node}, below the directory that the system property {@code vibe.root} names. */
    public static Path directory() {
        return Path.of(System.getProperty("vibe.root", "."))
                .resolve("testkit/node")
                .toAbsolutePath();
    }
}
