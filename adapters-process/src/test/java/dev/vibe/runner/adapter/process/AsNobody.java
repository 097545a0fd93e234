package dev.vibe.runner.adapter.process;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Runs a program of the tests as a user without rights, where the tests run as root; else as their own user. */
final class AsNobody {
    private static final String NOBODY = "65534";
    private static final Path SETPRIV = Path.of("/usr/bin/setpriv");
    private static final long PATIENCE_SECONDS = 50;

    private AsNobody() {}

    static boolean testsRunAsRoot() {
        return System.getProperty("user.name").equals("root");
    }

    /**
     * Runs its {@code main}.
     *
     * @return what it printed; an error when it failed, or took too long
     */
    static String run(Class<?> program, Path directory) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        if (testsRunAsRoot()) {
            assumeTrue(Files.isExecutable(SETPRIV), "no " + SETPRIV);
            command.addAll(List.of(SETPRIV.toString(), "--reuid=" + NOBODY, "--regid=" + NOBODY, "--clear-groups"));
        }
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Djava.io.tmpdir=" + open(directory.resolve("tmp")),
                "-cp",
                copyOfClassPath(open(directory.resolve("classes"))),
                program.getName()));
        Path said = directory.resolve("said");
        Process process = new ProcessBuilder(command)
                .directory(new File("/"))
                .redirectErrorStream(true)
                .redirectOutput(said.toFile())
                .start();
        boolean ended = process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
        if (!ended) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly().waitFor();
        }
        String text = Files.readString(said);
        if (!ended || process.exitValue() != 0) {
            throw new AssertionError(program + (ended ? " failed; it said:\n" : " did not end; it said:\n") + text);
        }
        return text;
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
