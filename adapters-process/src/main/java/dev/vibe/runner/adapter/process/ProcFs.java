package dev.vibe.runner.adapter.process;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Linux's view of processes. Where there is none (macOS), every answer is empty, and nothing is ended by it. */
final class ProcFs {
    private static final int CHUNK = 8 * 1024;
    /** Linux has no longer environment than 6 MB. */
    private static final int MOST_CHUNKS = 1_000;
    /** Ours have 50 characters or so. */
    private static final int LONGEST_MARK = 128;

    private static final byte[] NAME = (Mark.VARIABLE + "=").getBytes(StandardCharsets.UTF_8);
    private static final int KIB = 1024;

    /** Much more than 52 numbers and a name of 64 characters at most (proc_pid_stat(5)). */
    private static final int STAT_BYTES = 2048;

    private final Path root;
    private final OomKills oomKills;

    ProcFs() {
        this(Path.of("/proc"));
    }

    ProcFs(Path root) {
        this(root, new OomKills(root, Path.of("/sys/fs/cgroup")));
    }

    ProcFs(Path root, OomKills oomKills) {
        this.root = root;
        this.oomKills = oomKills;
    }

    /** How often memory ran out. */
    OomKills oomKills() {
        return oomKills;
    }

    /** Every process that can be seen, zombies too. Not one moment's picture: processes come and go meanwhile. */
    List<ProcessStat> processes() {
        List<ProcessStat> found = new ArrayList<>();
        byte[] buffer = new byte[STAT_BYTES];
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(root, "[0-9]*")) {
            for (Path entry : entries) {
                ProcessStat stat = read(entry, buffer);
                if (stat != null) {
                    found.add(stat);
                }
            }
        } catch (IOException | DirectoryIteratorException e) {
            return found;
        }
        return found;
    }

    /** One process, null when there is none of that pid. */
    @Nullable
    ProcessStat process(long pid) {
        return read(root.resolve(Long.toString(pid)), new byte[STAT_BYTES]);
    }

    /** The mark in a process's environment, as it was when its program began; null without one, or none of our business. */
    @Nullable
    String markOf(long pid) {
        try (InputStream environ = new FileInputStream(
                root.resolve(Long.toString(pid)).resolve("environ").toFile())) {
            return mark(environ);
        } catch (IOException | SecurityException e) {
            return null;
        }
    }

    /** Piece by piece, and no variable longer than a mark is: a process may have megabytes there, and thousands may have as much. */
    private static @Nullable String mark(InputStream environ) throws IOException {
        byte[] chunk = new byte[CHUNK];
        byte[] variable = new byte[NAME.length + LONGEST_MARK];
        int length = 0; // of the variable that is read; more than the array has where it is too long
        int left = MOST_CHUNKS;
        for (int read = environ.read(chunk); read > 0 && left > 0; read = environ.read(chunk), left--) {
            for (int i = 0; i < read; i++) {
                if (chunk[i] != 0) {
                    if (length < variable.length) {
                        variable[length] = chunk[i];
                    }
                    length++;
                    continue;
                }
                if (length <= variable.length && startsWithName(variable, length)) {
                    return value(variable, length);
                }
                length = 0;
            }
        }
        return length <= variable.length && startsWithName(variable, length) ? value(variable, length) : null;
    }

    private static String value(byte[] variable, int length) {
        return new String(variable, NAME.length, length - NAME.length, StandardCharsets.UTF_8);
    }

    /** The memory a process holds now; 0 where it is gone or the system does not tell. */
    long residentBytes(long pid) {
        try (Stream<String> lines =
                Files.lines(root.resolve(Long.toString(pid)).resolve("status"), StandardCharsets.ISO_8859_1)) {
            return lines.filter(line -> line.startsWith("VmRSS:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * KIB)
                    .sum();
        } catch (IOException | UncheckedIOException | SecurityException | NumberFormatException e) {
            return 0;
        }
    }

    private static boolean startsWithName(byte[] bytes, int length) {
        return length >= NAME.length && Arrays.equals(bytes, 0, NAME.length, NAME, 0, NAME.length);
    }

    /** @param buffer to be used again: a whole read of such a file costs 8 KB each, and there may be thousands */
    private static @Nullable ProcessStat read(Path directory, byte[] buffer) {
        try (InputStream stat = new FileInputStream(directory.resolve("stat").toFile())) {
            int length = stat.readNBytes(buffer, 0, buffer.length);
            return ProcessStat.parse(new String(buffer, 0, length, StandardCharsets.ISO_8859_1));
        } catch (IOException | SecurityException e) {
            return null;
        }
    }
}
