package dev.vibe.runner.adapter.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExecutableFinderTest {
    private static final String NAME = "no-such-agent-elsewhere";
    private final Path home;

    ExecutableFinderTest(@TempDir Path home) {
        this.home = home;
    }

    @Test
    void theSettingWinsAndIsNotReplacedWhenWrong() throws IOException {
        Path inPath = program(home.resolve("bin").resolve(NAME), "");
        Path set = program(home.resolve("elsewhere/agent"), "");
        ExecutableFinder finder =
                new ExecutableFinder(Map.of("PATH", home.resolve("bin").toString()));
        assertEquals(Optional.of(set), finder.find(NAME, set));
        assertEquals(Optional.of(inPath), finder.find(NAME, null));
        assertEquals(Optional.empty(), finder.find(NAME, home.resolve("missing")));
    }

    @Test
    void onlyExecutableFilesOfAbsolutePathEntriesCount() throws IOException {
        Files.createDirectories(home.resolve("a").resolve(NAME));
        Files.createFile(Files.createDirectories(home.resolve("b")).resolve(NAME));
        Path good = program(home.resolve("c").resolve(NAME), "");
        String path = ":relative:" + home + "/a:" + home + "/b:/nul\0:" + home + "/c";
        assertEquals(Optional.of(good), new ExecutableFinder(Map.of("PATH", path)).find(NAME, null));
    }

    @Test
    void theUsualPlacesAreLookedAtWhenPathLacksThem() throws IOException {
        ExecutableFinder finder = new ExecutableFinder(Map.of("HOME", home.toString(), "PATH", "/nowhere"));
        assertEquals(Optional.empty(), finder.find(NAME, null));
        Files.writeString(home.resolve(".npmrc"), "a=b\nprefix=${HOME}/mine\n");
        Path inPrefix = program(home.resolve("mine/bin").resolve(NAME), "");
        assertEquals(Optional.of(inPrefix), finder.find(NAME, null));
        Path local = program(home.resolve(".local/bin").resolve(NAME), "");
        assertEquals(Optional.of(local), finder.find(NAME, null));
    }

    @Test
    void aHomeMayHaveAnyName() throws IOException {
        Path odd = Files.createDirectory(home.resolve("$1 \\x ${HOME}"));
        ExecutableFinder finder = new ExecutableFinder(Map.of("HOME", odd.toString(), "PATH", "/nowhere"));
        Files.writeString(odd.resolve(".npmrc"), "prefix=~/mine\n");
        Path inPrefix = program(odd.resolve("mine/bin").resolve(NAME), "");
        assertEquals(Optional.of(inPrefix), finder.find(NAME, null));
    }

    @Test
    void theVersionComesFromTheNpmPackageThroughTheLink() throws IOException {
        Path script = program(home.resolve("lib/node_modules/@x/agent/bin/agent.js"), "exit 1");
        Files.writeString(
                home.resolve("lib/node_modules/@x/agent/package.json"),
                "{\"name\":\"@x/agent\",\"version\":\"1.2.3\"}");
        Files.createDirectories(home.resolve("bin"));
        Path link = Files.createSymbolicLink(home.resolve("bin/agent"), script);
        assertEquals("1.2.3", new VersionProbe(Map.of(), () -> {}, "@x/agent").versionOf(link));
    }

    @Test
    void theVersionMayBeTheFilesName() throws IOException {
        Path file = program(home.resolve("versions/2.0.1"), "exit 1");
        assertEquals("2.0.1", new VersionProbe(Map.of(), () -> {}, "@x/agent").versionOf(file));
    }

    @Test
    void elseTheProgramIsAskedOnceInTheBackground() throws Exception {
        Path agent = program(home.resolve("agent"), "echo x >> " + home + "/asked; echo agent-cli 4.5.6");
        VersionProbe probe = new VersionProbe(Map.of("PATH", "/usr/bin:/bin"), () -> {}, "@x/agent");
        assertNull(probe.versionOf(agent));
        String version = probe.versionOf(agent);
        while (version == null) {
            Thread.onSpinWait();
            version = probe.versionOf(agent);
        }
        assertEquals("4.5.6", version);
        assertEquals("x\n", Files.readString(home.resolve("asked")));
    }

    @Test
    void npmsCodexScriptIsReplacedByItsNativeProgram() throws IOException {
        boolean arm = System.getProperty("os.arch").equals("aarch64");
        boolean mac = System.getProperty("os.name").startsWith("Mac");
        String platform = (mac ? "darwin" : "linux") + (arm ? "-arm64" : "-x64");
        String triple = (arm ? "aarch64" : "x86_64") + (mac ? "-apple-darwin" : "-unknown-linux-musl");
        Path modules = home.resolve("node_modules/@openai");
        Path script = program(modules.resolve("codex/bin/codex.js"), "exit 1");
        Files.writeString(modules.resolve("codex/package.json"), "{\"name\":\"@openai/codex\",\"version\":\"1.0.0\"}");
        assertEquals(script, NativeCodex.resolve(script).executable());
        Path program = program(modules.resolve("codex-" + platform + "/vendor/" + triple + "/bin/codex"), "");
        NativeCodex found = NativeCodex.resolve(script);
        assertEquals(program.toRealPath(), found.executable().toRealPath());
        Map<String, String> environment = new java.util.HashMap<>(Map.of("CODEX_MANAGED_BY_BUN", "1", "A", "b"));
        found.prepare(environment);
        assertEquals(
                Map.of(
                        "A",
                        "b",
                        "CODEX_MANAGED_BY_NPM",
                        "1",
                        "CODEX_MANAGED_PACKAGE_ROOT",
                        modules.resolve("codex").toRealPath().toString()),
                environment);
    }

    private static Path program(Path path, String body) throws IOException {
        Files.createDirectories(path.getParent());
        Files.writeString(path, "#!/bin/sh\n" + body + "\n");
        return Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
}
