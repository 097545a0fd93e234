package dev.vibe.runner.adapter.journal;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One lane's bytes: a logical sequence that grows at the end, is cut off at the front, and lies in segment files, each behind
 * a {@link LaneHeader}. The newest file's header is kept true. No record spans two segments. Not thread-safe.
 */
final class Segments implements AutoCloseable {
    static final FileAttribute<Set<PosixFilePermission>> PRIVATE_FILE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    static final FileAttribute<Set<PosixFilePermission>> PRIVATE_FOLDER =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
    private static final Set<OpenOption> CREATE =
            Set.of(StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE);
    /** More than that begins a new file. */
    private static final int SEGMENT_BYTES = 1 << 20;
    /** What is confirmed of a file in use is given back when it has become that much. */
    private static final int WORTH_GIVING_BACK = 64 << 10;

    /** One file's part of the sequence. */
    private record Part(long begin, long length, LaneHeader header) {
        long end() {
            return begin + length;
        }

        /** Where in the file it is. */
        long position(long offset) {
            return header.length() + offset - begin;
        }

        Part until(long end) {
            return new Part(begin, end - begin, header);
        }
    }

    private final Path folder;
    private final long lane;
    private final TreeMap<Long, Part> parts = new TreeMap<>();
    private boolean cutShort;
    /** Also those that could not be deleted; the oldest first. */
    private final Set<Path> files = new LinkedHashSet<>();

    private Slots.Value identity;
    private Slots.Value cursor;
    /** Nothing before this offset is on disk any more, whatever the newest file's length. */
    private long givenBack;

    // An interrupt of the thread that uses a channel closes it.
    private @Nullable FileChannel writer;
    private long writerBegin = -1;
    private @Nullable FileChannel reader;
    private long readerBegin = -1;

    private Segments(Path folder, long lane, Slots.Value identity, Slots.Value cursor) {
        this.folder = folder;
        this.lane = lane;
        this.identity = identity;
        this.cursor = cursor;
    }

    /** Of a lane that has no file yet; the first is made by what is written first. */
    static Segments none(Path folder, long lane, Identity identity, Cursor cursor) {
        return new Segments(folder, lane, new Slots.Value(0, identity.bytes()), new Slots.Value(0, cursor.bytes()));
    }

    /**
     * With what an earlier process left. Files that it was killed in making are removed.
     *
     * @return null where nothing else is there
     * @throws IOException when a file cannot be read or is damaged; the message names it
     */
    static @Nullable Segments found(Path folder, long lane, List<SegmentFile> left) throws IOException {
        TreeMap<Long, Part> parts = new TreeMap<>();
        Slots.Value identity = null;
        Slots.Value cursor = null;
        boolean cutShort = false;
        for (SegmentFile each : left) {
            Path file = folder.resolve(each.name());
            LaneHeader.Content content = null;
            long size = 0;
            if (!each.beside()) {
                try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
                    content = LaneHeader.read(channel);
                    size = channel.size();
                } catch (IOException damaged) {
                    throw new IOException(each.name() + ": " + damaged.getMessage(), damaged);
                }
            }
            if (content == null) {
                Files.delete(file);
                continue;
            }
            LaneHeader header = content.header();
            cutShort |= size < header.length();
            parts.put(each.begin(), new Part(each.begin(), Math.max(0, size - header.length()), header));
            identity = Slots.Value.newer(identity, content.identity());
            cursor = Slots.Value.newer(cursor, content.cursor());
        }
        if (parts.isEmpty()) {
            return null;
        }
        if (identity == null) {
            throw new IOException(SegmentFile.name(lane, parts.firstKey()) + ": whose it is cannot be read");
        }
        Segments segments =
                new Segments(folder, lane, identity, cursor == null ? new Slots.Value(0, Cursor.NONE.bytes()) : cursor);
        segments.cutShort = cutShort;
        parts.forEach((begin, part) -> {
            segments.parts.put(begin, part);
            segments.files.add(segments.path(begin));
        });
        segments.fillHole();
        return segments;
    }

    /** What was given back is missing at the end of the newest file where nothing was appended later. */
    private void fillHole() {
        Part newest = parts.lastEntry().getValue();
        long confirmed = cursor().confirmed();
        if (newest.end() < confirmed) {
            parts.put(newest.begin, newest.until(confirmed));
        }
    }

    /** Whether a file ends within its header: events may have been behind it. */
    boolean cutShort() {
        return cutShort;
    }

    /** What was written last, or found. */
    Identity identity() throws IOException {
        return Identity.of(identity.bytes);
    }

    /** As {@link #identity}. */
    Cursor cursor() {
        return Cursor.of(cursor.bytes);
    }

    /** The offset of the oldest byte held. */
    long begin() {
        return parts.isEmpty() ? 0 : parts.firstKey();
    }

    /** The offset behind the newest byte, given that nothing before {@code atLeast} is missing. */
    long end(long atLeast) {
        Part newest = newest();
        return newest == null ? atLeast : Math.max(atLeast, newest.end());
    }

    /** Writes what the session is. Where it does not fit, or nothing is there, a new file begins at {@code end}. */
    void describe(Identity now, long end) throws IOException {
        byte[] bytes = now.bytes();
        Slots.Value next = identity.next(bytes);
        Part newest = newest();
        if (newest == null || !newest.header.fits(bytes) || !writable(newest)) {
            create(end, next);
        } else {
            newest.header.identity().write(writer(newest), next);
        }
        identity = next;
    }

    /** Appends a record at {@code end}. After an exception nothing of it counts. */
    void append(long end, ByteBuffer record) throws IOException {
        Part newest = newest();
        int length = record.remaining();
        Part part = newest != null && newest.end() == end && newest.length + length <= SEGMENT_BYTES && writable(newest)
                ? newest
                : create(end, identity);
        FileChannel channel = writer(part);
        long at = part.position(end);
        try {
            write(channel, record, at);
        } catch (IOException full) {
            try {
                channel.truncate(at);
            } catch (IOException evenThat) {
                full.addSuppressed(evenThat);
            }
            throw full;
        }
        parts.put(part.begin, part.until(end + length));
    }

    /** Reads exactly {@code bytes.length} bytes at {@code offset}, which lie in one segment. */
    void read(long offset, byte[] bytes) throws IOException {
        Part part = at(offset);
        if (part == null || offset + bytes.length > part.end()) {
            throw new EOFException("nothing is held at " + offset);
        }
        FileChannel channel = reader;
        if (channel == null || !channel.isOpen() || readerBegin != part.begin) {
            closeReader();
            channel = FileChannel.open(path(part.begin), StandardOpenOption.READ);
            reader = channel;
            readerBegin = part.begin;
        }
        ByteBuffer into = ByteBuffer.wrap(bytes);
        for (long position = part.position(offset); into.hasRemaining(); ) {
            int count = channel.read(into, position);
            if (count < 0) {
                throw new EOFException("segment " + readerBegin + " is shorter than it was");
            }
            position += count;
        }
    }

    /** The offset at which the segment of {@code offset} ends, or {@code offset} itself where there is none. */
    long segmentEnd(long offset) {
        Part part = at(offset);
        return part == null ? offset : Math.max(offset, part.end());
    }

    /**
     * Cuts everything from {@code offset} on: what cannot be read. It is held no more even where a file could not be changed; bytes
     * left there are written over.
     */
    void cut(long offset) throws IOException {
        Map<Long, Part> behind = parts.tailMap(offset, false);
        List<Long> whole = List.copyOf(behind.keySet());
        behind.clear();
        Part last = newest();
        boolean within = last != null && last.end() > offset;
        if (last != null && within) {
            parts.put(last.begin, last.until(offset));
        }
        close();
        if (!whole.isEmpty()) {
            create(offset, identity); // first: the newest header is in one of those that go
        }
        for (long begin : whole) {
            delete(begin);
        }
        if (last == null || !within || (last.begin == offset && !whole.isEmpty())) {
            return;
        }
        try (FileChannel channel = FileChannel.open(path(last.begin), StandardOpenOption.WRITE)) {
            channel.truncate(last.position(offset));
        } catch (NoSuchFileException gone) {
            parts.remove(last.begin);
        }
    }

    /** Writes what is confirmed, into the file that stays. Without a file it comes into the first one. */
    void confirm(Cursor now) throws IOException {
        Slots.Value next = cursor.next(now.bytes());
        Part newest = newest();
        if (newest != null) {
            newest.header.cursor().write(writer(newest), next);
        }
        cursor = next;
    }

    /** Deletes what lies wholly before {@code offset}, but never the newest file: it tells whose the lane is. */
    void forget(long offset) throws IOException {
        while (parts.size() > 1 && parts.firstEntry().getValue().end() <= offset) {
            long oldest = parts.pollFirstEntry().getKey();
            if (readerBegin == oldest) {
                closeReader();
            }
            delete(oldest);
        }
    }

    /**
     * Gives back to the disk what is confirmed where that is the whole newest file, and has grown worth it. The file goes on
     * behind a hole: that takes no room on a full disk, and no new file.
     */
    void giveBack() throws IOException {
        Part newest = newest();
        if (newest == null
                || newest.end() > cursor().confirmed()
                || newest.end() - Math.max(newest.begin, givenBack) < WORTH_GIVING_BACK) {
            return;
        }
        confirm(cursor()); // into the other slot too: whichever goes bad, nobody reads from the hole
        writer(newest).truncate(newest.position(newest.begin));
        givenBack = newest.end();
    }

    /** Deletes all files, the newest last: until then it tells that nothing in the others is to be sent. */
    void remove() throws IOException {
        close();
        parts.clear();
        for (Path file : List.copyOf(files)) {
            Files.deleteIfExists(file);
            files.remove(file);
        }
    }

    private @Nullable Part newest() {
        Map.Entry<Long, Part> last = parts.lastEntry();
        return last == null ? null : last.getValue();
    }

    private @Nullable Part at(long offset) {
        Map.Entry<Long, Part> part = parts.floorEntry(offset);
        return part == null ? null : part.getValue();
    }

    /** False where somebody took the file away. */
    private boolean writable(Part newest) throws IOException {
        try {
            writer(newest);
            return true;
        } catch (NoSuchFileException gone) {
            return false;
        }
    }

    private FileChannel writer(Part newest) throws IOException {
        FileChannel open = writer;
        if (open == null || !open.isOpen() || writerBegin != newest.begin) {
            closeWriter();
            open = FileChannel.open(path(newest.begin), StandardOpenOption.WRITE);
            writer = open;
            writerBegin = newest.begin;
        }
        return open;
    }

    /** Begins a file, with its header. One that begins there already holds no event, and is replaced once the new one is whole. */
    private Part create(long begin, Slots.Value whose) throws IOException {
        closeWriter();
        boolean replaces = parts.containsKey(begin);
        Path file = path(begin);
        Path made = replaces ? folder.resolve(SegmentFile.nameBeside(lane, begin)) : file;
        LaneHeader header = LaneHeader.fitting(whose.bytes.length);
        files.add(made);
        FileChannel channel = open(made);
        try {
            header.write(channel, whose, cursor);
            if (replaces) {
                Files.move(made, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
                files.remove(made);
            }
        } catch (IOException failing) {
            channel.close();
            Files.deleteIfExists(made);
            throw failing;
        }
        if (readerBegin == begin) {
            closeReader();
        }
        writer = channel;
        writerBegin = begin;
        Part part = new Part(begin, 0, header);
        parts.put(begin, part);
        return part;
    }

    private FileChannel open(Path made) throws IOException {
        try {
            return FileChannel.open(made, CREATE, PRIVATE_FILE);
        } catch (NoSuchFileException noFolder) {
            Files.createDirectories(folder, PRIVATE_FOLDER);
            return FileChannel.open(made, CREATE, PRIVATE_FILE);
        }
    }

    /** All of it, from {@code at} on. */
    static void write(FileChannel file, ByteBuffer bytes, long at) throws IOException {
        for (long position = at; bytes.hasRemaining(); ) {
            position += file.write(bytes, position);
        }
    }

    private void delete(long begin) throws IOException {
        Path file = path(begin);
        Files.deleteIfExists(file); // where somebody tidied up, it is gone as we wanted
        files.remove(file);
    }

    private Path path(long begin) {
        return folder.resolve(SegmentFile.name(lane, begin));
    }

    private void closeWriter() throws IOException {
        FileChannel open = writer;
        writer = null;
        writerBegin = -1;
        if (open != null) {
            open.close();
        }
    }

    private void closeReader() throws IOException {
        FileChannel open = reader;
        reader = null;
        readerBegin = -1;
        if (open != null) {
            open.close();
        }
    }

    /** What is used later is opened again. */
    @Override
    public void close() throws IOException {
        closeWriter();
        closeReader();
    }
}
