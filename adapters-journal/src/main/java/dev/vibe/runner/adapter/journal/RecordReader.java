package dev.vibe.runner.adapter.journal;

import dev.vibe.runner.domain.EndpointId;
import dev.vibe.runner.domain.SessionEvent;
import dev.vibe.runner.domain.SessionId;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Reads a lane's records in order, as many as a chunk holds with one read: a journal of short lines has millions. Holds one chunk, or
 * one record where that is longer. Not thread-safe.
 */
final class RecordReader {
    /** As much at once as makes a read of the disk worth it. */
    static final int CHUNK_BYTES = 64 << 10;

    private final Segments from;
    private final int chunk;
    private final SessionId session;
    private final EndpointId endpoint;

    /** Where in the lane the next record begins. */
    private long offset;
    /** What is there, as much as has been read; of one segment. */
    private ByteBuffer ahead = ByteBuffer.allocate(0);

    /**
     * @param offset where in the lane the first record begins
     * @param chunk how much to read at once, in bytes
     */
    RecordReader(Segments from, long offset, int chunk, SessionId session, EndpointId endpoint) {
        this.from = from;
        this.chunk = chunk;
        this.offset = offset;
        this.session = session;
        this.endpoint = endpoint;
    }

    /** The next record; null where it is torn or damaged. At the end of all there is none: that is for the caller to know. */
    @Nullable
    Stored next() throws IOException {
        if (!ready()) {
            long there = from.segmentEnd(offset) - offset;
            if (there < Records.HEADER) {
                return null; // torn within the header
            }
            read((int) Math.min(there, chunk));
            int length = length();
            if (length < 0 || length > Records.MAX_BODY || length > there - Records.HEADER) {
                return null;
            }
            if (!ready()) {
                read(Records.HEADER + length);
            }
        }
        int length = length();
        int body = ahead.position() + Records.HEADER;
        int checksum = ahead.getInt(body - Integer.BYTES);
        SessionEvent event = Records.decode(ahead.array(), body, length, checksum, session, endpoint);
        if (event == null) {
            return null;
        }
        offset += Records.HEADER + length;
        ahead.position(body + length);
        return new Stored(event, Records.HEADER + length);
    }

    /** True where {@link #next} need not read from disk: what looks like a whole record is there. */
    boolean ready() {
        return ahead.remaining() >= Records.HEADER && length() >= 0 && length() <= ahead.remaining() - Records.HEADER;
    }

    private int length() {
        return ahead.getInt(ahead.position());
    }

    private void read(int bytes) throws IOException {
        byte[] chunk = bytes == ahead.capacity() ? ahead.array() : new byte[bytes];
        from.read(offset, chunk);
        ahead = ByteBuffer.wrap(chunk);
    }
}
