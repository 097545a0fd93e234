package dev.vibe.runner.adapter.socketio;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Random;

/** A client's frames as bytes: a header, and the payload masked, eight bytes at a time. Not thread-safe. */
final class MaskedFrames {
    /** What is written at once. */
    static final int BYTES = 64 * 1024;

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final int STRIDE = 4 * Long.BYTES;
    private static final int FINAL = 0x80;
    private static final int MASKED = 0x80;
    private static final int TWO_BYTES = 126;
    private static final int EIGHT_BYTES = 127;
    static final int LONGEST_HEADER = 14;

    private final OutputStream out;
    private final byte[] buffer = new byte[BYTES];
    /** Masks are there to confuse proxies, not to hide anything. */
    private final Random random = new Random();

    private int filled;

    MaskedFrames(OutputStream out) {
        this.out = out;
    }

    /** Adds a whole message; writes what the buffer cannot hold. */
    void write(int opcode, byte[] payload) throws IOException {
        if (BYTES - filled < LONGEST_HEADER) {
            drain();
        }
        header(opcode, payload.length);
        int mask = random.nextInt();
        for (int i = 0; i < Integer.SIZE; i += Byte.SIZE) {
            put(mask >> i);
        }
        for (int from = 0; from < payload.length; ) {
            if (BYTES - filled < Long.BYTES) {
                drain();
            }
            int length = Math.min(payload.length - from, BYTES - filled & -Long.BYTES);
            mask(payload, from, length, mask);
            from += length;
        }
    }

    private void header(int opcode, int length) {
        put(FINAL | opcode);
        if (length < TWO_BYTES) {
            put(MASKED | length);
        } else if (length <= 0xFFFF) {
            put(MASKED | TWO_BYTES);
            put(length >> Byte.SIZE);
            put(length);
        } else {
            put(MASKED | EIGHT_BYTES);
            for (int shift = Long.SIZE - Byte.SIZE; shift >= 0; shift -= Byte.SIZE) {
                put((int) ((long) length >> shift));
            }
        }
    }

    private void put(int b) {
        buffer[filled++] = (byte) b;
    }

    /** The piece begins at a multiple of eight, so also at the mask's first byte. */
    private void mask(byte[] payload, int from, int length, int mask) {
        long eight = (mask & 0xFFFFFFFFL) | (long) mask << Integer.SIZE;
        int i = 0;
        // Written out: the compiler that runs here unrolls nothing.
        for (; i <= length - STRIDE; i += STRIDE) {
            int in = from + i;
            int to = filled + i;
            LONGS.set(buffer, to, (long) LONGS.get(payload, in) ^ eight);
            LONGS.set(buffer, to + Long.BYTES, (long) LONGS.get(payload, in + Long.BYTES) ^ eight);
            LONGS.set(buffer, to + 2 * Long.BYTES, (long) LONGS.get(payload, in + 2 * Long.BYTES) ^ eight);
            LONGS.set(buffer, to + 3 * Long.BYTES, (long) LONGS.get(payload, in + 3 * Long.BYTES) ^ eight);
        }
        for (; i <= length - Long.BYTES; i += Long.BYTES) {
            LONGS.set(buffer, filled + i, (long) LONGS.get(payload, from + i) ^ eight);
        }
        for (; i < length; i++) {
            buffer[filled + i] = (byte) (payload[from + i] ^ eight >> (i % Long.BYTES * Byte.SIZE));
        }
        filled += length;
    }

    void flush() throws IOException {
        drain();
        out.flush();
    }

    private void drain() throws IOException {
        out.write(buffer, 0, filled);
        filled = 0;
    }
}
