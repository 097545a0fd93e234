package dev.vibe.runner.localserver;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.UserPrincipal;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Where the runner beside the server keeps its own files: what VIBE_STATE_DIR says, else a folder of its own that goes at the end.
 *
 * @param path where
 * @param temporary whether it goes at the end
 */
record StateDirectory(Path path, boolean temporary) {
    private static final String PREFIX = "vibe-local-";

    /** In a temporary one: a line for each process that removes it in the end, its id and the namespace that is its. */
    private static final String OWNERS = "owners";

    private static final String NAMESPACE = namespace();

    /**
     * The one to use now. A new temporary one replaces those whose owners are gone, all of them killed.
     *
     * @throws IOException when none can be made
     */
    static StateDirectory of(Map<String, String> environment) throws IOException {
        String wished = environment.getOrDefault("VIBE_STATE_DIR", "").strip();
        if (!wished.isEmpty()) {
            return new StateDirectory(Path.of(wished).toAbsolutePath(), false);
        }
        String temporary = environment.getOrDefault("TMPDIR", "");
        Path folder = Path.of(temporary.isBlank() ? System.getProperty("java.io.tmpdir") : temporary)
                .toAbsolutePath();
        StateDirectory made = new StateDirectory(Files.createTempDirectory(folder, PREFIX), true);
        made.ownedBy(ProcessHandle.current());
        made.removeOthersLeftovers(folder);
        return made;
    }

    /** Names a process that removes it in the end: while that lives, it is no leftover. */
    void ownedBy(ProcessHandle owner) throws IOException {
        if (temporary) {
            Files.writeString(
                    path.resolve(OWNERS), line(owner.pid()), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        }
    }

    static String line(long pid) {
        return pid + " " + NAMESPACE + "\n";
    }

    /** As many as can be: whatever another start does with them at the same moment, this one goes on. */
    private void removeOthersLeftovers(Path folder) {
        try (DirectoryStream<Path> all = Files.newDirectoryStream(folder, PREFIX + "*")) {
            UserPrincipal user = Files.getOwner(path);
            for (Path each : all) {
                removeLeftover(each, user);
            }
        } catch (IOException | DirectoryIteratorException _) {
            // who may not list the folder finds none
        }
    }

    private static void removeLeftover(Path directory, UserPrincipal user) {
        try {
            if (Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)
                    && Files.getOwner(directory, LinkOption.NOFOLLOW_LINKS).equals(user)
                    && isDeserted(Files.readAllLines(directory.resolve(OWNERS)))) {
                delete(directory);
            }
        } catch (IOException | UncheckedIOException | NumberFormatException _) {
            // what cannot be read, or goes at this moment, is not ours to remove
        }
    }

    /** None yet is one that is about to be named. */
    private static boolean isDeserted(List<String> owners) {
        return !owners.isEmpty() && owners.stream().noneMatch(StateDirectory::mayRun);
    }

    /** Of a container that shares the folder nothing is known. */
    private static boolean mayRun(String owner) {
        String[] parts = owner.split(" ", 2);
        long pid = Long.parseLong(parts[0]);
        return parts.length < 2 || !parts[1].equals(NAMESPACE) || runs(pid);
    }

    /** Not what was killed and has not been waited for yet, which has no program any more: as process 1, not every program waits. */
    private static boolean runs(long pid) {
        return ProcessHandle.of(pid)
                .flatMap(process -> process.info().command())
                .isPresent();
    }

    private static String namespace() {
        try {
            return Files.readSymbolicLink(Path.of("/proc/self/ns/pid")).toString();
        } catch (IOException | UnsupportedOperationException unknown) {
            return "";
        }
    }

    /** Links are removed and not followed. */
    private static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
