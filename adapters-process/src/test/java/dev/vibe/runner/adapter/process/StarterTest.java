package dev.vibe.runner.adapter.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.vibe.runner.domain.EndpointId;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** One suite for both ways to start a process. */
@Timeout(60)
class StarterTest {
    private static final byte[] GATE = "\n".getBytes(StandardCharsets.UTF_8);
    private static final int MANY = 50;
    /** Descriptors of which this process has long more. */
    private static final int FEW = 4;

    @TempDir
    private Path directory = Path.of("");

    enum Way {
        JDK,
        SPAWN;

        Starter starter() {
            Starter starter = this == JDK ? new JdkStarter() : SpawnStarter.ifSupported();
            assumeTrue(starter != null, "this system has no posix_spawn that does");
            return Objects.requireNonNull(starter);
        }
    }

    /** Every system that CI and the sandbox have; without this, all of the other way's tests could be skipped unseen. */
    @Test
    void onLinuxWithANewEnoughCLibraryProcessesAreSpawned() throws Exception {
        assumeTrue(Files.exists(Path.of("/proc/self/fd")));
        Process version = new ProcessBuilder("getconf", "GNU_LIBC_VERSION").start();
        String[] parts = new String(version.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                .strip()
                .split("[ .]", -1);
        assumeTrue(version.waitFor() == 0 && Integer.parseInt(parts[2]) >= 34, "another C library");
        assertEquals(SpawnStarter.class, Starter.best().getClass());
    }

    @ParameterizedTest
    @EnumSource
    void itsThreePipesAreOurs(Way way) throws Exception {
        Process process = start(way, "sh", "-c", "read -r line; echo \"out $line\"; echo err >&2; cat; exit 7");
        try (OutputStream stdin = process.getOutputStream()) {
            stdin.write("häh\n".getBytes(StandardCharsets.UTF_8));
            stdin.write("rest".getBytes(StandardCharsets.UTF_8));
        }
        assertEquals("out häh\nrest", text(process.getInputStream()));
        assertEquals("err\n", text(process.getErrorStream()));
        assertEquals(7, process.waitFor());
        assertEquals(7, process.exitValue());
        assertFalse(process.isAlive());
    }

    @ParameterizedTest
    @EnumSource
    void aMegabyteGoesThroughUnchanged(Way way) throws Exception {
        Process process = start(way, "head", "-c", "1000000", "/dev/zero");
        assertEquals(1_000_000, process.getInputStream().readAllBytes().length);
        assertEquals(0, process.waitFor());
    }

    @ParameterizedTest
    @EnumSource
    void itLeadsASessionOfItsOwnAndKeepsItsPid(Way way) throws Exception {
        Process process = start(way, "sh", "-c", "echo $$; cat /proc/$$/stat");
        String[] lines = text(process.getInputStream()).split("\n", -1);
        ProcessStat stat = Objects.requireNonNull(ProcessStat.parse(lines[1]));
        assertEquals(process.pid(), Long.parseLong(lines[0]));
        assertEquals(process.pid(), stat.session());
        assertEquals(process.pid(), stat.group());
    }

    @ParameterizedTest
    @EnumSource
    void itHasThisEnvironmentAndNoOther(Way way) throws Exception {
        Map<String, String> environment = new TreeMap<>(Map.of("PATH", System.getenv("PATH"), "NEW", "a=b\nc ü"));
        String home = System.getenv("HOME");
        if (home != null) {
            environment.put("HOME", home);
        }
        Launch launch = launch(List.of("env", "-0"), environment);
        Map<String, String> seen = new TreeMap<>();
        for (String entry : text(start(way, launch).getInputStream()).split("\0", 0)) {
            seen.put(entry.substring(0, entry.indexOf('=')), entry.substring(entry.indexOf('=') + 1));
        }
        environment.put(Mark.VARIABLE, launch.mark().value());
        seen.keySet().removeAll(List.of("PWD", "OLDPWD", "SHLVL", "_")); // the gate's shell may set them
        assertEquals(environment, seen);
    }

    @ParameterizedTest
    @EnumSource
    void itRunsInTheDirectory(Way way) throws Exception {
        Process process = start(way, "pwd", "-P");
        assertEquals(
                directory.toRealPath().toString(),
                text(process.getInputStream()).strip());
    }

    @ParameterizedTest
    @EnumSource
    void itInheritsNoDescriptorOfOurs(Way way) throws Exception {
        try (InputStream _ = Files.newInputStream(Files.writeString(directory.resolve("held"), "x"))) {
            Process other = start(way, "cat");
            Process process = start(way, "sh", "-c", "for f in /proc/$$/fd/*; do echo ${f##*/}; done");
            List<String> seen = text(process.getInputStream()).lines().toList();
            assertTrue(Stream.of("0", "1", "2").allMatch(seen::contains), seen.toString());
            // What the shell itself opens for its work lies at 10 or above, or is the directory it reads.
            assertTrue(seen.size() <= 4, seen.toString());
            other.getOutputStream().close();
            assertEquals(0, other.waitFor());
        }
    }

    /** The launcher's shell has what it starts with {@code &} ignore INT and QUIT, and ignores HUP itself. */
    @ParameterizedTest
    @EnumSource
    void itBeginsWithNoSignalIgnoredOrBlocked(Way way) throws Exception {
        assumeTrue(way != Way.JDK || OwnSession.resetsSignals(), "no env --default-signal");
        try (IgnoredSignals _ = new IgnoredSignals()) {
            Process process = start(way, "grep", "-E", "^Sig(Blk|Ign):", "/proc/self/status");
            List<String> seen = text(process.getInputStream()).lines().toList();
            assertEquals(2, seen.size(), seen.toString());
            for (String line : seen) {
                long signals = Long.parseUnsignedLong(line.substring(line.indexOf('\t') + 1), 16);
                assertEquals(0, signals & ~IgnoredSignals.OF_THE_C_LIBRARY, line);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void anEndBySignalIsToldAsTheShellDoes(Way way) throws Exception {
        Process process = start(way, "sh", "-c", "kill -KILL $$");
        assertEquals(137, process.waitFor());
    }

    @ParameterizedTest
    @EnumSource
    void itIsAskedAndForcedToGo(Way way) throws Exception {
        Process asked = start(way, "sh", "-c", "trap 'exit 3' TERM; echo up; while :; do sleep 0.01; done");
        Process forced = start(way, "sh", "-c", "trap '' TERM; echo up; while :; do sleep 0.01; done");
        for (Process process : List.of(asked, forced)) {
            assertEquals('u', process.getInputStream().read());
            assertTrue(process.isAlive());
            assertFalse(process.waitFor(1, TimeUnit.MILLISECONDS));
            assertThrows(IllegalThreadStateException.class, process::exitValue);
            process.destroy();
        }
        assertEquals(3, asked.waitFor());
        assertFalse(forced.waitFor(50, TimeUnit.MILLISECONDS));
        Process same = forced.destroyForcibly();
        assertEquals(137, same.onExit().get(10, TimeUnit.SECONDS).exitValue());
        asked.destroy();
        assertEquals(3, asked.waitFor());
    }

    @ParameterizedTest
    @EnumSource
    void aScriptThatDoesNotSayByWhatIsTheShells(Way way) throws Exception {
        Path script = Files.writeString(directory.resolve("script"), "echo \"$0 $1\"\n");
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
        Process process = start(way, script.toString(), "one two");
        assertEquals(script + " one two\n", text(process.getInputStream()));
    }

    @Test
    void whatCannotRunSaysWhyAndLeavesNothing() throws Exception {
        Starter spawn = Way.SPAWN.starter();
        long before = descriptors();
        Path missing = directory.resolve("missing");
        IOException none = assertThrows(IOException.class, () -> spawn.start(launch(List.of("./no-such"), Map.of())));
        assertEquals("cannot run \"./no-such\" in " + directory + ": No such file or directory", none.getMessage());
        Path text = Files.writeString(directory.resolve("text"), "x");
        IOException refused =
                assertThrows(IOException.class, () -> spawn.start(launch(List.of(text.toString()), Map.of())));
        assertTrue(String.valueOf(refused.getMessage()).endsWith("Permission denied"), refused.toString());
        Launch nowhere = new Launch("test", List.of("true"), Map.of(), missing, mark());
        assertThrows(IOException.class, () -> spawn.start(nowhere));
        IOException nul = assertThrows(IOException.class, () -> spawn.start(launch(List.of("a\0b"), Map.of())));
        assertTrue(nul.toString().contains("NUL"), nul.toString());
        assertTrue(descriptors() <= before, before + " descriptors, then " + descriptors());
    }

    @ParameterizedTest
    @EnumSource
    void manyAtOnceLeaveNeitherZombiesNorDescriptors(Way way) throws Exception {
        assertEquals(0, start(way, "true").waitFor()); // classes, libraries
        System.gc();
        long before = descriptors();
        List<Process> processes = new ArrayList<>();
        for (int i = 0; i < MANY; i++) {
            processes.add(start(way, "sh", "-c", "echo " + i + "; exit " + i));
        }
        for (int i = 0; i < MANY; i++) {
            Process process = processes.get(i);
            assertEquals(i + "\n", text(process.getInputStream()));
            assertEquals(i, process.waitFor());
            process.getInputStream().close();
            process.getErrorStream().close();
            process.getOutputStream().close();
            assertTrue(new ProcFs().process(process.pid()) == null, "a zombie");
        }
        assertTrue(descriptors() <= before + 2, before + " descriptors, then " + descriptors());
    }

    @Test
    void aStartForWhichDescriptorsDoNotSufficeLeavesNone() throws Exception {
        Starter spawn = Way.SPAWN.starter();
        Launch launch = launch(List.of("true"), Map.of());
        assertEquals(0, spawn.start(launch).waitFor()); // classes, libraries
        System.gc();
        int refused = 0;
        long before = descriptors();
        for (long most = FEW; true; most++) {
            try (ResourceLimit _ = ResourceLimit.lower(ResourceLimit.OPEN_FILES, most)) {
                spawn.start(launch);
                break;
            } catch (IOException tooMany) {
                refused++;
            }
            assertTrue(descriptors() <= before, "with " + most + " of " + before + ": " + descriptors());
        }
        // Of three pipes and the three streams at our ends.
        assertTrue(refused > 6, refused + " times");
    }

    private Process start(Way way, String... command) throws IOException {
        return start(way, launch(List.of(command), Map.of("PATH", System.getenv("PATH"))));
    }

    private static Process start(Way way, Launch launch) throws IOException {
        Starter starter = way.starter();
        Process process = starter.start(launch);
        if (starter.gated()) {
            process.getOutputStream().write(GATE);
            process.getOutputStream().flush();
        }
        return process;
    }

    private Launch launch(List<String> command, Map<String, String> environment) {
        return new Launch("test", command, environment, directory, mark());
    }

    private static Mark mark() {
        ProcessStat self = new ProcFs().process(ProcessHandle.current().pid());
        return Mark.create(new EndpointId("starter-test"), Objects.requireNonNull(self));
    }

    private static String text(InputStream stream) throws IOException {
        return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    }

    private static long descriptors() throws IOException {
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            return open.count();
        }
    }
}
