package dev.vibe.runner.adapter.journal;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One lane's bytes: a logical sequence that grows at the end, is cut off at the front, and lies in segment files. No
 * record spans two segments. Not thread-safe.
 */
final class Segments implements AutoCloseable {
    static final FileAttribute<Set<PosixFilePermission>> PRIVATE_FILE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    static final String SUFFIX = ".segment";

    private final Path folder;
    private final int segmentBytes;
    /** Begin of each segment and its length. */
    private final TreeMap<Long, Long> lengths = new TreeMap<>();

    private @Nullable FileChannel writer;
    private @Nullable FileChannel reader;
    private long readerBegin = -1;

    private Segments(Path folder, int segmentBytes) {
        this.folder = folder;
        this.segmentBytes = segmentBytes;
    }

    /** For a folder that was made just now. */
    static Segments none(Path folder, int segmentBytes) {
        return new Segments(folder, segmentBytes);
    }

    /** With what lies in the folder, if it is there. */
    static Segments found(Path folder, int segmentBytes) throws IOException {
        Segments segments = new Segments(folder, segmentBytes);
        if (Files.isDirectory(folder)) {
            try (Stream<Path> files = Files.list(folder)) {
                for (Path file :
                        files.filter(each -> each.toString().endsWith(SUFFIX)).toList()) {
                    String name = file.getFileName().toString();
                    long begin = Long.parseLong(name.substring(0, name.length() - SUFFIX.length()));
                    segments.lengths.put(begin, Files.size(file));
                }
            } catch (NumberFormatException notOurs) {
                throw new IOException("a segment has a name that is no number", notOurs);
            }
        }
        return segments;
    }

    /** The offset of the oldest byte held. */
    long begin() {
        return lengths.isEmpty() ? 0 : lengths.firstKey();
    }

    /** The offset behind the newest byte, given that nothing before {@code atLeast} is missing. */
    long end(long atLeast) {
        Map.Entry<Long, Long> last = lengths.lastEntry();
        return last == null ? atLeast : Math.max(atLeast, last.getKey() + last.getValue());
    }

    /** Appends a record at {@code end}. After an exception nothing of it counts. */
    void append(long end, ByteBuffer record) throws IOException {
        Map.Entry<Long, Long> last = lengths.lastEntry();
        boolean fits = last != null
                && last.getKey() + last.getValue() == end
                && last.getValue() + record.remaining() <= segmentBytes;
        long begin = fits && last != null ? last.getKey() : end;
        FileChannel channel = writer;
        if (channel == null || !fits) {
            close(writer);
            writer = null;
            channel = FileChannel.open(
                    path(begin), Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE), PRIVATE_FILE);
            writer = channel;
        }
        long at = end - begin;
        int length = record.remaining();
        try {
            for (long position = at; record.hasRemaining(); ) {
                position += channel.write(record, position);
            }
        } catch (IOException full) {
            try {
                channel.truncate(at);
            } catch (IOException evenThat) {
                full.addSuppressed(evenThat);
            }
            throw full;
        }
        lengths.put(begin, at + length);
    }

    /** Reads exactly {@code bytes.length} bytes at {@code offset}, which lie in one segment. */
    void read(long offset, byte[] bytes) throws IOException {
        Map.Entry<Long, Long> segment = lengths.floorEntry(offset);
        if (segment == null || offset + bytes.length > segment.getKey() + segment.getValue()) {
            throw new EOFException("nothing is held at " + offset);
        }
        FileChannel channel = reader;
        if (channel == null || readerBegin != segment.getKey()) {
            close(reader);
            reader = null;
            channel = FileChannel.open(path(segment.getKey()), StandardOpenOption.READ);
            reader = channel;
            readerBegin = segment.getKey();
        }
        ByteBuffer into = ByteBuffer.wrap(bytes);
        for (long position = offset - readerBegin; into.hasRemaining(); ) {
            int count = channel.read(into, position);
            if (count < 0) {
                throw new EOFException("segment " + readerBegin + " is shorter than it was");
            }
            position += count;
        }
    }

    /** The offset at which the segment of {@code offset} ends, or {@code offset} itself where there is none. */
    long segmentEnd(long offset) {
        Map.Entry<Long, Long> segment = lengths.floorEntry(offset);
        return segment == null ? offset : Math.max(offset, segment.getKey() + segment.getValue());
    }

    /**
     * Cuts everything from {@code offset} on: what cannot be read. It is held no more even where a file could not be changed; bytes
     * left there are written over.
     */
    void cut(long offset) throws IOException {
        Map<Long, Long> behind = lengths.tailMap(offset, true);
        List<Long> whole = List.copyOf(behind.keySet());
        behind.clear();
        Map.Entry<Long, Long> last = lengths.lastEntry();
        boolean within = last != null && last.getKey() + last.getValue() > offset;
        if (last != null && within) {
            lengths.put(last.getKey(), offset - last.getKey());
        }
        close();
        readerBegin = -1;
        for (long begin : whole) {
            Files.deleteIfExists(path(begin));
        }
        if (last == null || !within) {
            return;
        }
        try (FileChannel channel = FileChannel.open(path(last.getKey()), StandardOpenOption.WRITE)) {
            channel.truncate(offset - last.getKey());
        } catch (NoSuchFileException gone) {
            lengths.remove(last.getKey());
        }
    }

    /** Deletes segments that lie wholly before {@code offset}; the newest only when it has grown worth deleting. */
    void forget(long offset, int worthDeleting) throws IOException {
        while (!lengths.isEmpty()) {
            Map.Entry<Long, Long> first = lengths.firstEntry();
            boolean newest = lengths.size() == 1;
            if (first.getKey() + first.getValue() > offset || (newest && first.getValue() < worthDeleting)) {
                return;
            }
            if (newest) {
                close(writer);
                writer = null;
            }
            if (readerBegin == first.getKey()) {
                close(reader);
                reader = null;
                readerBegin = -1;
            }
            lengths.pollFirstEntry();
            try {
                Files.delete(path(first.getKey()));
            } catch (NoSuchFileException gone) {
                // Somebody tidied up: it is gone as we wanted.
            }
        }
    }

    private Path path(long begin) {
        return folder.resolve(begin + SUFFIX);
    }

    private static void close(@Nullable FileChannel channel) throws IOException {
        if (channel != null) {
            channel.close();
        }
    }

    @Override
    public void close() throws IOException {
        close(writer);
        close(reader);
        writer = null;
        reader = null;
    }
}
