package dev.vibe.runner.adapter.process;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Looks through bytes eight and more at a time: each line passes here, and a loop over single bytes was a tenth of all its cost. Written
 * out four by four, since the compiler that runs here unrolls nothing.
 */
final class Scan {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final int STRIDE = 4 * Long.BYTES;
    private static final long ONES = 0x0101010101010101L;
    private static final long HIGHS = 0x8080808080808080L;
    private static final long NEWLINES = ONES * '\n';

    private Scan() {}

    /** The index of the first LF in {@code [from, to)}, or {@code to}. */
    static int newline(byte[] bytes, int from, int to) {
        int at = from;
        while (at <= to - STRIDE) {
            long a = (long) LONGS.get(bytes, at) ^ NEWLINES;
            long b = (long) LONGS.get(bytes, at + Long.BYTES) ^ NEWLINES;
            long c = (long) LONGS.get(bytes, at + 2 * Long.BYTES) ^ NEWLINES;
            long d = (long) LONGS.get(bytes, at + 3 * Long.BYTES) ^ NEWLINES;
            if (((((a - ONES) & ~a) | ((b - ONES) & ~b) | ((c - ONES) & ~c) | ((d - ONES) & ~d)) & HIGHS) != 0) {
                break;
            }
            at += STRIDE;
        }
        for (; at <= to - Long.BYTES; at += Long.BYTES) {
            long differences = (long) LONGS.get(bytes, at) ^ NEWLINES;
            long zeros = (differences - ONES) & ~differences & HIGHS;
            if (zeros != 0) {
                return at + Long.numberOfTrailingZeros(zeros) / Byte.SIZE;
            }
        }
        while (at < to && bytes[at] != '\n') {
            at++;
        }
        return at;
    }

    /** Whether all bytes in {@code [from, to)} are ASCII. */
    static boolean ascii(byte[] bytes, int from, int to) {
        int at = from;
        for (; at <= to - STRIDE; at += STRIDE) {
            long all = (long) LONGS.get(bytes, at)
                    | (long) LONGS.get(bytes, at + Long.BYTES)
                    | (long) LONGS.get(bytes, at + 2 * Long.BYTES)
                    | (long) LONGS.get(bytes, at + 3 * Long.BYTES);
            if ((all & HIGHS) != 0) {
                return false;
            }
        }
        for (; at <= to - Long.BYTES; at += Long.BYTES) {
            if (((long) LONGS.get(bytes, at) & HIGHS) != 0) {
                return false;
            }
        }
        while (at < to && bytes[at] >= 0) {
            at++;
        }
        return at == to;
    }
}
