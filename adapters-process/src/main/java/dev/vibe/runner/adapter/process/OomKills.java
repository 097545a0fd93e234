package dev.vibe.runner.adapter.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How many processes the kernel has killed because memory ran out: in our control group, where that has a count (a container
 * with a limit), else on the whole machine (a virtual machine, as E2B's sandboxes are).
 */
final class OomKills {
    private static final String COUNT = "oom_kill ";
    private static final long RECENT_NANOS = Duration.ofMillis(100).toNanos();

    private final Path proc;
    private final Path cgroups;
    /** Where the count was found; a process is not moved from one group to another while it runs. */
    private volatile @Nullable Path counter;

    private volatile @Nullable Recent recent;

    private record Recent(long count, long nanos) {}

    /**
     * Reads nothing yet.
     *
     * @param proc where {@code proc} is mounted
     * @param cgroups where control groups are mounted, of version 1 or 2
     */
    OomKills(Path proc, Path cgroups) {
        this.proc = proc;
        this.cgroups = cgroups;
    }

    /** The count of a moment ago, at most; for those who begin, of whom there may be a hundred at once. */
    long recentCount() {
        Recent known = recent;
        if (known == null || System.nanoTime() - known.nanos > RECENT_NANOS) {
            known = new Recent(count(), System.nanoTime());
            recent = known;
        }
        return known.count;
    }

    /** The count so far; 0 where nobody counts. Only its growth means anything. */
    long count() {
        Path before = counter;
        if (before != null) {
            Long count = countIn(before);
            if (count != null) {
                return count;
            }
        }
        for (Path place : places()) {
            Long count = countIn(place);
            if (count != null) {
                counter = place;
                return count;
            }
        }
        return 0;
    }

    private static @Nullable Long countIn(Path place) {
        for (String line : lines(place)) {
            if (line.startsWith(COUNT)) {
                return Long.parseLong(line.substring(COUNT.length()).strip());
            }
        }
        return null;
    }

    private List<Path> places() {
        List<Path> places = new ArrayList<>();
        for (String line : lines(proc.resolve("self/cgroup"))) {
            String[] fields = line.split(":", 3);
            // In a container the path may be one of the host's, and the container's own group is mounted at the top.
            if (fields.length == 3 && fields[0].equals("0")) {
                places.add(cgroups.resolve("." + fields[2]).resolve("memory.events"));
                places.add(cgroups.resolve("memory.events"));
            } else if (fields.length == 3 && List.of(fields[1].split(",")).contains("memory")) {
                Path memory = cgroups.resolve("memory");
                places.add(memory.resolve("." + fields[2]).resolve("memory.oom_control"));
                places.add(memory.resolve("memory.oom_control"));
            }
        }
        places.add(proc.resolve("vmstat"));
        return places;
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readString(file, StandardCharsets.US_ASCII).lines().toList();
        } catch (IOException e) {
            return List.of();
        }
    }
}
