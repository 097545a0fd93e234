package dev.vibe.runner.adapter.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import org.jspecify.annotations.Nullable;

/**
 * How a segment file begins: {@code magic, room, checksum, cursor, identity}. So each file tells by itself whose lane it is of
 * and how far that was confirmed when it was the newest. Identity and cursor are written over in place.
 *
 * @param identity where the identity lies; behind it the events begin
 */
record LaneHeader(Slots identity) {
    /** Its last byte is the format's version. */
    private static final long MAGIC = 0x7669_6265_6C61_6E02L;

    private static final int COVERED = Long.BYTES + Integer.BYTES;
    private static final int FIXED = COVERED + Integer.BYTES;
    private static final Slots CURSOR = new Slots(FIXED, Cursor.BYTES);
    private static final int LEAST_ROOM = 1024;
    /** What becomes known later: the agent's name for its conversation. */
    private static final int SLACK = 512;
    /** As much as a command from the server may be long. A longer room was never written. */
    private static final int MOST_ROOM = 1 << 26;

    private static LaneHeader withRoom(int room) {
        return new LaneHeader(new Slots(CURSOR.end(), room));
    }

    /** For an identity of so many bytes, and for a somewhat longer one later. */
    static LaneHeader fitting(int bytes) {
        return withRoom(Math.max(LEAST_ROOM, bytes + SLACK));
    }

    boolean fits(byte[] newIdentity) {
        return newIdentity.length <= identity.room();
    }

    /** Where in the file the events begin. */
    int length() {
        return identity.end();
    }

    Slots cursor() {
        return CURSOR;
    }

    /** Writes the whole header of a new file. */
    void write(FileChannel file, Slots.Value whose, Slots.Value confirmed) throws IOException {
        ByteBuffer out = ByteBuffer.allocate(length());
        out.putLong(MAGIC).putInt(identity.room());
        out.putInt(Records.checksum(out.array(), 0, COVERED));
        CURSOR.put(out, confirmed);
        identity.put(out, whose);
        Segments.write(file, out.rewind(), 0);
    }

    /**
     * What a file's header says.
     *
     * @param identity the newest, null where none is whole
     * @param cursor the newest, null where none is whole
     */
    record Content(LaneHeader header, Slots.@Nullable Value identity, Slots.@Nullable Value cursor) {}

    /**
     * Reads a file's header.
     *
     * @return null where the file is shorter than a header and does not tell whose it is: its process was killed while it made it
     * @throws IOException when the file cannot be read, is damaged, or is of another version
     */
    static @Nullable Content read(FileChannel file) throws IOException {
        byte[] beginning = read(file, FIXED);
        if (beginning.length < FIXED) {
            return null;
        }
        ByteBuffer fixed = ByteBuffer.wrap(beginning);
        if (Records.checksum(beginning, 0, COVERED) != fixed.getInt(COVERED)) {
            throw new IOException("its beginning is damaged");
        }
        int room = fixed.getInt(Long.BYTES);
        if (fixed.getLong(0) != MAGIC || room < 0 || room > MOST_ROOM) {
            throw new IOException("it is of another version");
        }
        LaneHeader header = withRoom(room);
        ByteBuffer there = ByteBuffer.wrap(read(file, header.length()));
        Slots.Value whose = header.identity.newest(there);
        if (whose == null && there.limit() < header.length()) {
            return null;
        }
        return new Content(header, whose, CURSOR.newest(there));
    }

    /** The file's first bytes; less than that where it is shorter. */
    private static byte[] read(FileChannel file, int bytes) throws IOException {
        return Channels.newInputStream(file.position(0)).readNBytes(bytes);
    }
}
