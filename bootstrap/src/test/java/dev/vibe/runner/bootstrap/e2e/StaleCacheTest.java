package dev.vibe.runner.bootstrap.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Java runs old code from its ahead-of-time cache without a word when a jar has been replaced; the launcher must not let it. */
class StaleCacheTest {
    private static final byte[] DIRECTORY_ENTRY = {'P', 'K', 1, 2};
    private static final int TIME_IN_ENTRY = 12;

    @Test
    void theCacheIsNotUsedWithAJarThatWasReplacedByOneOfTheSameSizeAndTime(@TempDir Path directory) throws Exception {
        Path copy = directory.resolve("vibe-runner");
        Process copying =
                new ProcessBuilder("cp", "-a", RunnerProcess.DISTRIBUTION.toString(), copy.toString()).start();
        assertEquals(0, copying.waitFor());
        assertTrue(cached(copy), "the cache is not used at all");

        try (Stream<Path> jars = Files.list(copy.resolve("lib"))) {
            replace(jars.filter(jar -> jar.getFileName().toString().startsWith("vibe-runner-bootstrap-"))
                    .findFirst()
                    .orElseThrow());
        }
        assertFalse(cached(copy), "the cache was used with another jar");
    }

    /** Another content, though no other code: the time of an entry. */
    private static void replace(Path jar) throws IOException {
        FileTime time = Files.getLastModifiedTime(jar);
        byte[] bytes = Files.readAllBytes(jar);
        int entry = new String(bytes, StandardCharsets.ISO_8859_1)
                .indexOf(new String(DIRECTORY_ENTRY, StandardCharsets.ISO_8859_1));
        bytes[entry + TIME_IN_ENTRY] ^= 1;
        Files.write(jar, bytes);
        Files.setLastModifiedTime(jar, time);
    }

    private static boolean cached(Path distribution) throws Exception {
        ProcessBuilder builder =
                new ProcessBuilder(distribution.resolve("bin/vibe-runner").toString(), "--version");
        builder.environment().put("VIBE_RUNNER_JAVA_OPTS", "-Xlog:class+load=info:stdout");
        Process process = builder.redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), said);
        String main = said.lines()
                .filter(line -> line.contains("dev.vibe.runner.bootstrap.Main source:"))
                .findFirst()
                .orElseThrow();
        return main.contains("shared objects file");
    }
}
