package dev.vibe.runner.e2b;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Everything below a directory, comparable: path to kind, mode, time and contents. */
final class Tree {
    private Tree() {}

    /** What lies below a directory or is the file, with paths from {@code root} on. */
    static Map<String, String> of(Path root, String below) throws IOException {
        Map<String, String> tree = new TreeMap<>();
        try (Stream<Path> all = Files.walk(root.resolve(below))) {
            all.forEach(path -> tree.put(root.relativize(path).toString(), describe(path)));
        }
        return tree;
    }

    /** Unpacks a gzipped tar as E2B does, by {@code tar}. */
    static void unpack(Path archive, Path into) throws IOException, InterruptedException {
        Process tar = new ProcessBuilder("tar", "-xzpf", archive.toString(), "-C", into.toString())
                .inheritIO()
                .start();
        if (!tar.waitFor(60, TimeUnit.SECONDS) || tar.exitValue() != 0) {
            tar.destroyForcibly();
            throw new AssertionError("tar failed for " + archive);
        }
    }

    /**
     * The second a tar made by Node has for a file: Node rounds a file's time to milliseconds, so one of {@code .9996}
     * gets the next second. A build that wrote a file in the last half millisecond of a second failed CI.
     */
    private static long uploadedSecond(long micros) {
        return (micros + 500) / 1_000_000;
    }

    private static String describe(Path path) {
        try {
            if (Files.isSymbolicLink(path)) {
                return "-> " + Files.readSymbolicLink(path);
            }
            String mode = PosixFilePermissions.toString(Files.getPosixFilePermissions(path, LinkOption.NOFOLLOW_LINKS));
            if (Files.isDirectory(path)) {
                return "directory " + mode;
            }
            long seconds = uploadedSecond(Files.getLastModifiedTime(path).to(TimeUnit.MICROSECONDS));
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(path));
            return mode + " of " + seconds + " " + HexFormat.of().formatHex(digest);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
