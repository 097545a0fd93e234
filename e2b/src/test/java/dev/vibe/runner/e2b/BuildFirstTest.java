package dev.vibe.runner.e2b;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The scripts in a small checkout whose Maven wrapper leaves a distribution of empty files, and counts. */
class BuildFirstTest {
    private static final String WRAPPER = """
            #!/bin/sh
            echo "$*" >>builds
            [ -e broken ] && exit 1
            cd bootstrap && mkdir -p target/vibe-runner/bin target/vibe-runner/lib target/vibe-runner/jre/bin target/vibe-runner/jre/lib
            cd target/vibe-runner && touch package.json jre/lib/modules lib/vibe-runner-bootstrap-1.jar
            install -m 755 /dev/null bin/vibe-runner && install -m 755 /dev/null jre/bin/java && touch lib/vibe-runner-1.aot
            """;

    private final Path root;

    BuildFirstTest(@TempDir Path root) {
        this.root = root;
    }

    @BeforeAll
    static void require() {
        BuildScript.require();
    }

    @Test
    void theDistributionIsBuiltWhenItIsMissingOrOlderThanItsSourcesAndNotElse() throws Exception {
        Path source = checkout();

        assertEquals(List.of("-q -B -DskipTests package"), buildsAfter(run()));
        assertEquals(1, buildsAfter(run()).size());
        age(source, 60);
        assertEquals(2, buildsAfter(run()).size());
        age(source, -3600);
        age(root.resolve("domain/src/test/java/Test.java"), 60);
        assertEquals(2, buildsAfter(run()).size());
    }

    @Test
    void aBuildThatFailsEndsTheScriptBeforeAnythingIsAsked() throws Exception {
        checkout();
        Files.createFile(root.resolve("broken"));
        try (E2bApi api = E2bApi.start(root.resolve("uploads"))) {
            BuildScript run = run(api);
            assertEquals(1, run.exitCode(), run::output);
            assertTrue(run.output().contains("The distribution could not be built: see above."), run::output);
            assertEquals(List.of(), api.calls());
        }
    }

    /** Goes no further than the first request. */
    private BuildScript run() throws IOException, InterruptedException {
        try (E2bApi api = E2bApi.start(root.resolve("uploads"))) {
            BuildScript run = run(api);
            assertEquals(77, run.exitCode(), run::output);
            return run;
        }
    }

    private BuildScript run(E2bApi api) throws IOException, InterruptedException {
        String wrong = E2bApi.KEY.replace('9', '8');
        return BuildScript.run(
                root, "e2b:build:dev", root, Map.of("E2B_API_URL", api.url().toString(), "E2B_API_KEY", wrong));
    }

    private List<String> buildsAfter(BuildScript run) throws IOException {
        assertEquals(77, run.exitCode(), run::output);
        return Files.readAllLines(root.resolve("builds"));
    }

    /** Returns a source of it. */
    private Path checkout() throws IOException {
        Path scripts = Files.createDirectory(root.resolve("e2b"));
        try (Stream<Path> all = Files.list(BuildScript.ROOT.resolve("e2b"))) {
            for (Path file : all.filter(each -> each.toString().matches(".*\\.(ts|json)"))
                    .toList()) {
                Files.copy(file, scripts.resolve(file.getFileName()));
            }
        }
        Files.createSymbolicLink(scripts.resolve("node_modules"), BuildScript.ROOT.resolve("e2b/node_modules"));
        Files.copy(BuildScript.ROOT.resolve("package.json"), root.resolve("package.json"));
        Path wrapper = Files.writeString(root.resolve("mvnw"), WRAPPER);
        Files.setPosixFilePermissions(wrapper, PosixFilePermissions.fromString("rwxr-xr-x"));
        Path source = Path.of("domain/src/main/java/Source.java");
        for (Path file : List.of(
                Path.of("pom.xml"),
                Path.of("bootstrap/pom.xml"),
                Path.of("domain/pom.xml"),
                source,
                Path.of("domain/src/test/java/Test.java"))) {
            Path made = root.resolve(file);
            Files.createDirectories(made.resolveSibling("."));
            Files.createFile(made);
            age(made, -3600);
        }
        return root.resolve(source);
    }

    private static void age(Path file, int seconds) throws IOException {
        Files.setLastModifiedTime(file, FileTime.from(Instant.now().plusSeconds(seconds)));
    }
}
