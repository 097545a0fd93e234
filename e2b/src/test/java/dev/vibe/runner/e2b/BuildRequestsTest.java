package dev.vibe.runner.e2b;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the build scripts, run by real Node with the real SDK, ask of E2B. */
class BuildRequestsTest {
    private static final String DEV = "e2b:build:dev";
    private static final String APP = "/home/user/app/";

    private final Path scratch;

    BuildRequestsTest(@TempDir Path scratch) {
        this.scratch = scratch;
    }

    @BeforeAll
    static void require() {
        BuildScript.require();
    }

    @Test
    void bothScriptsAskForTheirTemplate() throws Exception {
        assertEquals(
                "vibe-runner-dev",
                TemplateImage.recorded().request().path("name").asText());
        RecordedBuild prod = RecordedBuild.of("e2b:build:prod", Map.of());
        assertEquals("vibe-runner", prod.request().path("name").asText());
        assertEquals(2, prod.request().path("cpuCount").asInt());
        assertEquals(2048, prod.request().path("memoryMB").asInt());
        assertEquals("node:22-bookworm-slim", prod.build().path("fromImage").asText());
        assertFalse(prod.build().path("force").asBoolean());
    }

    @Test
    void settingsChooseSizeVersionsAndPackages() throws Exception {
        RecordedBuild build = RecordedBuild.of(
                DEV,
                Map.of(
                        "VIBE_E2B_NAME", "other:v2",
                        "VIBE_E2B_CPU", "4",
                        "VIBE_E2B_MEMORY_MB", "1024",
                        "VIBE_E2B_NODE", "24-bookworm",
                        "VIBE_E2B_CLAUDE", "2.1.100",
                        "VIBE_E2B_CODEX", "latest",
                        "VIBE_E2B_PACKAGES", "golang-go make",
                        "VIBE_E2B_SKIP_CACHE", "true"));
        assertEquals("other:v2", build.request().path("name").asText());
        assertEquals(4, build.request().path("cpuCount").asInt());
        assertEquals(1024, build.request().path("memoryMB").asInt());
        assertEquals("node:24-bookworm", build.build().path("fromImage").asText());
        assertTrue(build.build().path("force").asBoolean());
        String commands = build.steps("RUN").toString();
        assertTrue(commands.contains("@anthropic-ai/claude-code@2.1.100 @openai/codex@latest"), commands);
        assertTrue(commands.contains(" golang-go make"), commands);
    }

    @Test
    void theUploadsAreTheDistribution() throws Exception {
        RecordedBuild build = TemplateImage.recorded();
        Map<String, String> uploaded = new TreeMap<>();
        for (RecordedBuild.Step copy : build.steps("COPY")) {
            Path unpacked = Files.createTempDirectory(scratch, "part");
            Tree.unpack(copy.archive(), unpacked);
            assertEquals(APP + copy.arg(0), copy.arg(1));
            uploaded.putAll(Tree.of(unpacked, copy.arg(0)));
        }
        Map<String, String> promised = new TreeMap<>();
        for (String part : List.of("bin", "jre", "lib", "package.json")) {
            promised.putAll(Tree.of(BuildScript.DISTRIBUTION, part));
        }
        promised.keySet().removeIf(path -> path.startsWith("lib/local"));
        assertEquals(promised, uploaded);
        assertTrue(promised.keySet().stream().anyMatch(path -> path.endsWith(".aot")), promised.keySet()::toString);
        String launcher = promised.getOrDefault("bin/vibe-runner", "none");
        assertTrue(launcher.startsWith("rwxr-xr-x of "), launcher);
    }

    @Test
    void whatIsCopiedBelongsToTheUserAndKeepsItsModes() throws Exception {
        RecordedBuild build = TemplateImage.recorded();
        List<RecordedBuild.Step> steps = build.steps();
        List<RecordedBuild.Step> copies = build.steps("COPY");
        assertEquals(4, copies.size());
        for (RecordedBuild.Step copy : copies) {
            assertEquals("user", copy.arg(2), copy::toString);
            assertEquals("", copy.arg(3), copy::toString);
        }
        // What changes least is copied first, so that a new version of the runner uploads little.
        assertEquals("jre", copies.getFirst().arg(0));
        RecordedBuild.Step directories = steps.get(steps.indexOf(copies.getFirst()) - 1);
        assertEquals(List.of("RUN", "user"), List.of(directories.type(), directories.arg(1)));
        for (String part : List.of("", "jre", "lib", "bin")) {
            String directory = (APP + part).replaceAll("/$", "");
            assertTrue(List.of(directories.arg(0).split(" ")).contains(directory), directories::toString);
        }
    }

    @Test
    void noCommandIsStartedBeforeTheSandboxHasItsEnvironment() throws Exception {
        RecordedBuild build = TemplateImage.recorded();
        assertFalse(build.build().hasNonNull("startCmd"), build.build()::toString);
        assertFalse(build.build().hasNonNull("readyCmd"), build.build()::toString);
        assertEquals("user", build.steps("USER").getLast().arg(0));
    }

    @Test
    void progressAndBuildLogAreShownAndHowToStartASandbox() throws Exception {
        String output = TemplateImage.recorded().output();
        assertTrue(output.contains("Uploaded 'jre'"), output);
        assertTrue(output.contains(E2bApi.LOG), output);
        assertTrue(output.contains("Sandbox.create('vibe-runner-dev'"), output);
        assertTrue(output.contains("timeoutMs: 0"), output);
        assertFalse(output.contains(E2bApi.KEY), output);
    }

    @Test
    void withoutAKeyNothingIsAsked() throws Exception {
        try (E2bApi api = E2bApi.start(scratch.resolve("uploads"))) {
            BuildScript run = run(api, Map.of("E2B_API_KEY", ""));
            assertEquals(78, run.exitCode(), run::output);
            assertEquals(1, run.output().lines().count(), run::output);
            assertTrue(run.output().contains("E2B_API_KEY is not set"), run::output);
            assertEquals(List.of(), api.calls());
        }
    }

    @Test
    void aRefusedKeyIsSaidToBeOne() throws Exception {
        try (E2bApi api = E2bApi.start(scratch.resolve("uploads"))) {
            String wrong = E2bApi.KEY.replace('9', '8');
            BuildScript run = run(api, Map.of("E2B_API_KEY", wrong));
            assertEquals(77, run.exitCode(), run::output);
            assertTrue(run.output().contains("E2B refused the key in E2B_API_KEY"), run::output);
            assertFalse(run.output().contains(wrong), run::output);
            assertFalse(run.output().contains("    at "), run::output);
        }
    }

    @Test
    void aFailingStepIsNamed() throws Exception {
        try (E2bApi api = E2bApi.failingAt(scratch.resolve("uploads"), 1)) {
            BuildScript run = run(api, Map.of());
            assertEquals(1, run.exitCode(), run::output);
            assertTrue(run.output().contains(E2bApi.LOG), run::output);
            assertTrue(run.output().contains("The template was not built: exit status 100"), run::output);
            assertTrue(run.output().contains("The step is in e2b/template.ts:"), run::output);
            assertFalse(run.output().contains("    at "), run::output);
        }
    }

    @Test
    void anUnreachableApiIsToldInALine() throws Exception {
        E2bApi gone = E2bApi.start(scratch.resolve("uploads"));
        gone.close();
        BuildScript run = run(gone, Map.of());
        assertEquals(1, run.exitCode(), run::output);
        assertTrue(run.output().contains("The template was not built: fetch failed"), run::output);
        assertTrue(run.output().contains("ECONNREFUSED"), run::output);
    }

    @Test
    void whatIsMissingIsNamedBeforeAnythingIsAsked() throws Exception {
        Path incomplete = Files.createDirectories(scratch.resolve("incomplete"));
        Files.createDirectories(incomplete.resolve("bin"));
        Files.writeString(incomplete.resolve("bin/vibe-runner"), "#!/bin/sh\n");
        Files.writeString(incomplete.resolve("package.json"), "{}");
        try (E2bApi api = E2bApi.start(scratch.resolve("uploads"))) {
            BuildScript run = run(api, Map.of("VIBE_E2B_DISTRIBUTION", incomplete.toString()));
            assertEquals(78, run.exitCode(), run::output);
            String lacks = "it lacks: jre/bin/java, jre/lib/modules, x bit of bin/vibe-runner,"
                    + " lib/vibe-runner-bootstrap-*.jar, lib/vibe-runner-*.aot";
            assertTrue(run.output().contains(lacks), run::output);
            assertEquals(List.of(), api.calls());
        }
    }

    @Test
    void allWrongSettingsAreNamedAtOnce() throws Exception {
        try (E2bApi api = E2bApi.start(scratch.resolve("uploads"))) {
            BuildScript run =
                    run(api, Map.of("VIBE_E2B_CPU", "0", "VIBE_E2B_MEMORY_MB", "1001", "VIBE_E2B_CLAUDE", "1; reboot"));
            assertEquals(78, run.exitCode(), run::output);
            for (String variable : List.of("VIBE_E2B_CPU=0", "VIBE_E2B_MEMORY_MB=1001", "VIBE_E2B_CLAUDE=1; reboot")) {
                assertTrue(run.output().contains(variable), run::output);
            }
            assertEquals(List.of(), api.calls());
        }
    }

    private BuildScript run(E2bApi api, Map<String, String> settings) throws IOException, InterruptedException {
        Map<String, String> environment = new HashMap<>(BuildScript.environment(api));
        environment.putAll(settings);
        return BuildScript.run(DEV, scratch, environment);
    }
}
