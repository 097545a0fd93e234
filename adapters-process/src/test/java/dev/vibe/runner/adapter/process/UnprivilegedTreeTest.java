package dev.vibe.runner.adapter.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The same as {@link ProcessTreeTest} with fewer rights, where the tests run as root. Else those are the proof. */
class UnprivilegedTreeTest {
    private static final String NOBODY = "65534";
    private static final Path SETPRIV = Path.of("/usr/bin/setpriv");

    @Test
    void nothingIsLeftWhenTheRunnerIsNotRoot(@TempDir Path directory) throws Exception {
        assumeTrue(System.getProperty("user.name").equals("root"), "these tests do not run as root: nothing to add");
        assumeTrue(Files.isExecutable(SETPRIV), "no " + SETPRIV);
        Path classes = open(directory.resolve("classes"));
        Process process = new ProcessBuilder(
                        SETPRIV.toString(),
                        "--reuid=" + NOBODY,
                        "--regid=" + NOBODY,
                        "--clear-groups",
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Djava.io.tmpdir=" + open(directory.resolve("tmp")),
                        "-cp",
                        copyOfClassPath(classes),
                        TreeProof.class.getName())
                .directory(new File("/"))
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), said);
        List<String> proofs =
                said.lines().filter(line -> line.endsWith("left nothing")).toList();
        assertEquals(ProcessTreeTest.End.values().length, proofs.size(), said);
    }

    /** What root's home holds the other user cannot read. */
    private static String copyOfClassPath(Path target) throws IOException {
        List<String> copies = new ArrayList<>();
        String[] entries = System.getProperty("java.class.path").split(File.pathSeparator);
        for (String entry :
                Arrays.stream(entries).filter(e -> Files.exists(Path.of(e))).toList()) {
            Path source = Path.of(entry);
            Path copy = target.resolve(copies.size() + "-" + source.getFileName());
            try (Stream<Path> files = Files.walk(source)) {
                files.forEach(
                        file -> copy(file, copy.resolve(source.relativize(file).toString())));
            }
            copies.add(copy.toString());
        }
        return String.join(File.pathSeparator, copies);
    }

    private static void copy(Path from, Path to) {
        try {
            if (Files.isDirectory(from)) {
                open(to);
            } else {
                Files.copy(from, to);
                Files.setPosixFilePermissions(to, PosixFilePermissions.fromString("rw-r--r--"));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path open(Path directory) throws IOException {
        Files.createDirectories(directory);
        Path parent = directory.getParent();
        if (parent != null) {
            Files.setPosixFilePermissions(parent, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
        return Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxrwxrwx"));
    }
}
