package dev.vibe.runner.adapter.journal;

import java.nio.ByteBuffer;

/**
 * How far a lane has been confirmed.
 *
 * @param confirmed all before this offset has arrived
 * @param nextSeq the number of the first output that has not
 * @param over whether the terminal event has arrived
 */
record Cursor(long confirmed, long nextSeq, boolean over) {
    static final int BYTES = 17;
    static final Cursor NONE = new Cursor(0, 0, false);

    byte[] bytes() {
        return ByteBuffer.allocate(BYTES)
                .putLong(confirmed)
                .putLong(nextSeq)
                .put((byte) (over ? 1 : 0))
                .array();
    }

    /** {@link #NONE} where these are no cursor's bytes: then more is sent again than need be, and nothing is lost. */
    static Cursor of(byte[] bytes) {
        if (bytes.length != BYTES) {
            return NONE;
        }
        ByteBuffer in = ByteBuffer.wrap(bytes);
        return new Cursor(in.getLong(), in.getLong(), in.get() != 0);
    }
}
