package dev.vibe.runner.adapter.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;

/**
 * How far a lane has been confirmed, in a file of one small record that is written over at each confirmation.
 *
 * @param confirmed all before this offset has arrived
 * @param nextSeq the number of the first output that has not
 * @param over whether the terminal event has arrived
 */
record Cursor(long confirmed, long nextSeq, boolean over) {
    private static final int BYTES = 21;
    static final Cursor NONE = new Cursor(0, 0, false);

    /** {@link #NONE} where there is none, or a torn one: then more is sent again than need be, and nothing is lost. */
    static Cursor read(Path file) throws IOException {
        if (!Files.exists(file)) {
            return NONE;
        }
        byte[] bytes = Files.readAllBytes(file);
        if (bytes.length != BYTES) {
            return NONE;
        }
        ByteBuffer in = ByteBuffer.wrap(bytes);
        Cursor cursor = new Cursor(in.getLong(), in.getLong(), in.get() != 0);
        return in.getInt() == Records.checksum(bytes, 0, BYTES - Integer.BYTES) ? cursor : NONE;
    }

    static FileChannel open(Path file) throws IOException {
        return FileChannel.open(
                file, Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE), Segments.PRIVATE_FILE);
    }

    /** In one write: a process that is killed leaves the old record or the new one. */
    void write(FileChannel file) throws IOException {
        ByteBuffer out = ByteBuffer.allocate(BYTES);
        out.putLong(confirmed).putLong(nextSeq).put((byte) (over ? 1 : 0));
        out.putInt(Records.checksum(out.array(), 0, BYTES - Integer.BYTES)).flip();
        while (out.hasRemaining()) {
            int ignored = file.write(out, out.position());
            if (ignored < 0) {
                throw new IOException("the cursor cannot be written");
            }
        }
    }
}
