package dev.vibe.runner.localserver;

import java.io.IOException;
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

    /** In a temporary one: a process id a line, of each that removes it in the end. */
    private static final String OWNERS = "owners";

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
        Path folder = Path.of(environment.getOrDefault("TMPDIR", System.getProperty("java.io.tmpdir")));
        StateDirectory made = new StateDirectory(Files.createTempDirectory(folder, PREFIX), true);
        made.ownedBy(ProcessHandle.current());
        made.removeOthersLeftovers(folder);
        return made;
    }

    /** Names a process that removes it in the end: while that lives, it is no leftover. */
    void ownedBy(ProcessHandle owner) throws IOException {
        if (temporary) {
            Files.writeString(
                    path.resolve(OWNERS), owner.pid() + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        }
    }

    private void removeOthersLeftovers(Path folder) throws IOException {
        UserPrincipal user = Files.getOwner(path);
        try (DirectoryStream<Path> all = Files.newDirectoryStream(folder, PREFIX + "*")) {
            for (Path each : all) {
                try {
                    if (isLeftover(each, user)) {
                        delete(each);
                    }
                } catch (IOException | NumberFormatException _) {
                    // what cannot be read, or goes at this moment, is not ours to remove
                }
            }
        }
    }

    private static boolean isLeftover(Path directory, UserPrincipal user) throws IOException {
        return Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)
                && Files.getOwner(directory, LinkOption.NOFOLLOW_LINKS).equals(user)
                && owners(directory).stream().noneMatch(StateDirectory::runs);
    }

    /** Not what was killed and has not been waited for yet, which has no program any more: as process 1, not every program waits. */
    private static boolean runs(long pid) {
        return ProcessHandle.of(pid)
                .flatMap(process -> process.info().command())
                .isPresent();
    }

    private static List<Long> owners(Path directory) throws IOException {
        return Files.readAllLines(directory.resolve(OWNERS)).stream()
                .map(Long::valueOf)
                .toList();
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
