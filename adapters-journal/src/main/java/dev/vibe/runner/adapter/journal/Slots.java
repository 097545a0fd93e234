package dev.vibe.runner.adapter.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import org.jspecify.annotations.Nullable;

/**
 * Where a value lies that is written over in place: two slots, used by turns, each with a number that rises and a checksum. A
 * process that is killed while it writes one leaves the other.
 *
 * @param at where in the file the first slot begins
 * @param room the most bytes a value may have
 */
record Slots(int at, int room) {
    private static final int NUMBER_AND_LENGTH = Long.BYTES + Integer.BYTES;
    private static final int OVERHEAD = NUMBER_AND_LENGTH + Integer.BYTES;

    /** A value as it was written, or would be, for the {@code number}-th time. */
    static final class Value {
        final long number;
        final byte[] bytes;

        Value(long number, byte[] bytes) {
            this.number = number;
            this.bytes = bytes;
        }

        Value next(byte[] then) {
            return new Value(number + 1, then);
        }

        static @Nullable Value newer(@Nullable Value one, @Nullable Value other) {
            return one == null || (other != null && other.number > one.number) ? other : one;
        }
    }

    /** Where the second slot ends. */
    int end() {
        return at + 2 * slot();
    }

    private int slot() {
        return OVERHEAD + room;
    }

    private int at(Value value) {
        return at + (value.number % 2 == 0 ? 0 : slot());
    }

    /** Puts the value where it belongs in a whole header. */
    void put(ByteBuffer header, Value value) {
        header.put(at(value), encode(value), 0, OVERHEAD + value.bytes.length);
    }

    /** Writes the value over the last but one, in one write. */
    void write(FileChannel file, Value value) throws IOException {
        Segments.write(file, ByteBuffer.wrap(encode(value)), at(value));
    }

    private static byte[] encode(Value value) {
        ByteBuffer out = ByteBuffer.allocate(OVERHEAD + value.bytes.length);
        out.putLong(value.number).putInt(value.bytes.length).put(value.bytes);
        return out.putInt(Records.checksum(out.array(), 0, out.position())).array();
    }

    /** The newest whole value in what is there of a header, or null. */
    @Nullable
    Value newest(ByteBuffer header) {
        return Value.newer(read(header, at), read(header, at + slot()));
    }

    private @Nullable Value read(ByteBuffer header, int from) {
        if (from + OVERHEAD > header.limit()) {
            return null;
        }
        int length = header.getInt(from + Long.BYTES);
        if (length < 0 || length > room || from + OVERHEAD + length > header.limit()) {
            return null;
        }
        byte[] covered = new byte[NUMBER_AND_LENGTH + length];
        header.get(from, covered);
        if (Records.checksum(covered, 0, covered.length) != header.getInt(from + covered.length)) {
            return null;
        }
        byte[] bytes = new byte[length];
        header.get(from + NUMBER_AND_LENGTH, bytes);
        return new Value(header.getLong(from), bytes);
    }
}
