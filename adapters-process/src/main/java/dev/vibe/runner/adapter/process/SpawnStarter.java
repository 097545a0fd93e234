package dev.vibe.runner.adapter.process;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.io.Closeable;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code posix_spawn} of the GNU C library, which can begin a session ({@code POSIX_SPAWN_SETSID}, glibc 2.26), change the
 * directory (2.29) and close what is not to be inherited (2.34): one program is started, the agent's, where Java's own way
 * starts {@code jspawnhelper}, {@code setsid} and a shell before it. Decision 40 has the figures.
 *
 * <p>The pipes are Java's own file streams, opened through {@code /proc/self/fd}.
 */
final class SpawnStarter implements Starter {
    private static final Logger LOG = LoggerFactory.getLogger(SpawnStarter.class);
    private static final Path DESCRIPTORS = Path.of("/proc/self/fd");
    private static final List<String> FUNCTIONS = List.of(
            "environ",
            "pipe2",
            "posix_spawnp",
            "posix_spawn_file_actions_addchdir_np",
            "posix_spawn_file_actions_addclosefrom_np");
    private static final Set<String> WORD_MACHINES = Set.of("amd64", "aarch64");

    // From the headers of Linux and glibc, the same on both machines.
    private static final int O_CLOEXEC = 0x80000;
    private static final int POSIX_SPAWN_SETSIGDEF = 0x04;
    private static final int POSIX_SPAWN_SETSIGMASK = 0x08;
    private static final int POSIX_SPAWN_SETSID = 0x80;
    private static final int SIGKILL = 9;
    private static final int SIGCHLD = 17;
    private static final int SIG_DFL = 0;
    private static final int ENOEXEC = 8;
    private static final int FIRST_UNINHERITED = 3;
    /** Of 1,000; ours is 0 as a rule (proc_pid_oom_score_adj(5)). */
    private static final byte[] DIE_FIRST = "500".getBytes(StandardCharsets.US_ASCII);
    /** More than {@code posix_spawnattr_t} (336), {@code posix_spawn_file_actions_t} (80) and {@code sigset_t} (128) have. */
    private static final int STRUCT_BYTES = 512;

    private final LibC libC;
    private final long attributes;
    private final Charset charset;
    /** By name, the bytes of {@code NAME=value} as they were inherited: decoding would spoil them in a C locale. */
    private final Map<String, Inherited> inherited = new HashMap<>();

    /** A variable's value as Java knows it, and its entry as it came. */
    private static final class Inherited {
        final String value;
        final byte[] entry;

        Inherited(String value, byte[] entry) {
            this.value = value;
            this.entry = entry;
        }
    }

    private SpawnStarter(LibC libC) {
        this.libC = libC;
        this.charset = systemCharset();
        // An ignored SIGCHLD is inherited, and would let the system forget children and their exit codes.
        long _ = libC.call("signal", SIGCHLD, SIG_DFL);
        attributes = Arena.global().allocate(STRUCT_BYTES, Long.BYTES).address();
        int failed = libC.callForInt("posix_spawnattr_init", attributes);
        failed |= libC.callForInt(
                "posix_spawnattr_setflags",
                attributes,
                POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
        // What the launcher's shell had us ignore, an agent's tools would ignore too. The mask is empty from the start.
        failed |= allSignalsToDefault();
        if (failed != 0) {
            throw new UnsupportedOperationException("posix_spawnattr: " + libC.describe(failed));
        }
        for (byte[] entry : libC.environment()) {
            String text = new String(entry, charset);
            int end = text.indexOf('=', 1);
            if (end > 0) {
                String name = text.substring(0, end);
                String value = System.getenv(name);
                if (value != null) {
                    inherited.putIfAbsent(name, new Inherited(value, entry));
                }
            }
        }
    }

    private int allSignalsToDefault() {
        try (Arena arena = Arena.ofConfined()) {
            long signals = arena.allocate(STRUCT_BYTES, Long.BYTES).address();
            return libC.callForInt("sigfillset", signals)
                    | libC.callForInt("posix_spawnattr_setsigdefault", attributes, signals);
        }
    }

    /** Null where this system has not what it takes: another C library, an old one, no {@code /proc}, another machine. */
    static @Nullable SpawnStarter ifSupported() {
        try {
            if (!WORD_MACHINES.contains(System.getProperty("os.arch")) || !Files.isDirectory(DESCRIPTORS)) {
                return null;
            }
            LibC libC = new LibC();
            return FUNCTIONS.stream().allMatch(libC::has) ? new SpawnStarter(libC) : null;
        } catch (RuntimeException | LinkageError unsupported) {
            LOG.debug("processes are started the JDK's way: {}", unsupported.toString());
            return null;
        }
    }

    /** What the JDK takes for names and arguments; in a C locale, which has ASCII only, UTF-8. */
    private static Charset systemCharset() {
        Charset charset = Charset.forName(System.getProperty("sun.jnu.encoding", "UTF-8"), StandardCharsets.UTF_8);
        return charset.equals(StandardCharsets.US_ASCII) ? StandardCharsets.UTF_8 : charset;
    }

    @Override
    public boolean gated() {
        return false;
    }

    @Override
    public Process start(Launch launch) throws IOException {
        try (Arena arena = Arena.ofConfined();
                Pipe stdin = new Pipe(arena);
                Pipe stdout = new Pipe(arena);
                Pipe stderr = new Pipe(arena)) {
            List<Closeable> opened = new ArrayList<>();
            try {
                OutputStream toAgent = opened(stdin.writer(), opened);
                InputStream fromAgent = opened(stdout.reader(), opened);
                InputStream errors = opened(stderr.reader(), opened);
                long pid = spawn(launch, arena, stdin.readEnd, stdout.writeEnd, stderr.writeEnd);
                Process process = watch(pid, toAgent, fromAgent, errors);
                dieFirst(pid);
                return process;
            } catch (IOException | RuntimeException | Error failure) {
                for (Closeable each : opened) {
                    each.close();
                }
                throw failure;
            }
        }
    }

    private static <T extends Closeable> T opened(T stream, List<Closeable> opened) {
        opened.add(stream);
        return stream;
    }

    /** A child that cannot be watched, for want of memory, is nobody's: it is ended at once. */
    private Process watch(long pid, OutputStream stdin, InputStream stdout, InputStream stderr) throws IOException {
        try {
            return new SpawnedProcess(libC, pid, stdin, stdout, stderr);
        } catch (RuntimeException | OutOfMemoryError failure) {
            long _ = libC.call("kill", pid, SIGKILL);
            long _ = libC.call("waitpid", pid, 0, 0);
            throw new IOException("a new process could not be watched: " + failure.getMessage(), failure);
        }
    }

    private long spawn(Launch launch, Arena arena, int stdin, int stdout, int stderr) throws IOException {
        MemorySegment pid = arena.allocate(JAVA_INT);
        List<byte[]> environment = environment(launch);
        List<byte[]> directory = List.of(bytes(launch.directory().toString()));
        List<byte[]> command = new ArrayList<>();
        for (String word : launch.command()) {
            command.add(bytes(word));
        }
        CStrings strings = new CStrings(arena, List.of(command, environment, directory));
        long actions = arena.allocate(STRUCT_BYTES, Long.BYTES).address();
        check(libC.callForInt("posix_spawn_file_actions_init", actions), launch);
        try {
            add("adddup2", launch, actions, stdin, 0);
            add("adddup2", launch, actions, stdout, 1);
            add("adddup2", launch, actions, stderr, 2);
            add("addclosefrom_np", launch, actions, FIRST_UNINHERITED);
            add("addchdir_np", launch, actions, strings.string(2, 0));
            int failed = spawn(pid, actions, strings);
            if (failed == ENOEXEC) {
                // A script that does not say by what: execvp, and so the JDK, gives it to the shell.
                command.addFirst(bytes("/bin/sh"));
                failed = spawn(pid, actions, new CStrings(arena, List.of(command, environment)));
            }
            check(failed, launch);
        } finally {
            long _ = libC.call("posix_spawn_file_actions_destroy", actions);
        }
        return pid.get(JAVA_INT, 0);
    }

    /** @param strings the command, then the environment */
    private int spawn(MemorySegment pid, long actions, CStrings strings) {
        return libC.callForInt(
                "posix_spawnp",
                pid.address(),
                strings.string(0, 0),
                actions,
                attributes,
                strings.table(0),
                strings.table(1));
    }

    private void add(String action, Launch launch, long... words) throws IOException {
        check(libC.callForInt("posix_spawn_file_actions_" + action, words), launch);
    }

    private void check(int errno, Launch launch) throws IOException {
        if (errno != 0) {
            throw new IOException("cannot run \"" + launch.command().getFirst() + "\" in " + launch.directory() + ": "
                    + libC.describe(errno));
        }
    }

    private List<byte[]> environment(Launch launch) throws IOException {
        List<byte[]> entries = new ArrayList<>();
        for (Map.Entry<String, String> variable : launch.environment().entrySet()) {
            String name = variable.getKey();
            String value = variable.getValue();
            Inherited before = inherited.get(name);
            entries.add(before != null && value.equals(before.value) ? before.entry : bytes(name + "=" + value));
        }
        entries.add(bytes(Mark.VARIABLE + "=" + launch.mark().value()));
        return entries;
    }

    private byte[] bytes(String text) throws IOException {
        if (text.indexOf('\0') >= 0) {
            throw new IOException("a NUL character cannot be passed to a program");
        }
        return text.getBytes(charset);
    }

    /** When memory runs out, the kernel is to take the agent or what it starts, and not the runner, which can tell of it. */
    private static void dieFirst(long pid) {
        try (OutputStream score = new FileOutputStream("/proc/" + pid + "/oom_score_adj")) {
            score.write(DIE_FIRST);
        } catch (IOException | SecurityException e) {
            LOG.debug("process {} keeps the runner's place when memory runs out: {}", pid, e.toString());
        }
    }

    /** A pipe of which the child gets one end; closing closes what is still ours. */
    private final class Pipe implements AutoCloseable {
        private final int readEnd;
        private final int writeEnd;

        Pipe(Arena arena) throws IOException {
            MemorySegment ends = arena.allocate(JAVA_INT, 2);
            if (libC.callForInt("pipe2", ends.address(), O_CLOEXEC) != 0) {
                throw new IOException("no pipe can be made: too many open files");
            }
            readEnd = ends.getAtIndex(JAVA_INT, 0);
            writeEnd = ends.getAtIndex(JAVA_INT, 1);
        }

        InputStream reader() throws IOException {
            return new FileInputStream(DESCRIPTORS + "/" + readEnd);
        }

        OutputStream writer() throws IOException {
            return new FileOutputStream(DESCRIPTORS + "/" + writeEnd);
        }

        @Override
        public void close() {
            long _ = libC.call("close", readEnd);
            long _ = libC.call("close", writeEnd);
        }
    }
}
