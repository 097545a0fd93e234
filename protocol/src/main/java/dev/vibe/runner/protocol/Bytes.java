package dev.vibe.runner.protocol;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** The bytes of JSON strings, looked through eight and more at a time. */
final class Bytes {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final int STRIDE = 4 * Long.BYTES;
    private static final long ONES = 0x0101010101010101L;
    private static final long HIGHS = 0x8080808080808080L;
    private static final long QUOTES = ONES * '"';
    private static final long BACKSLASHES = ONES * '\\';
    private static final long SPACES = ONES * ' ';
    private static final String HEX = "0123456789ABCDEF";
    private static final int UNICODE_ESCAPE = 6;

    private Bytes() {}

    /** The index of the first byte in {@code [from, to)} that a JSON string cannot hold as it is, or {@code to}. */
    static int endOfPlain(byte[] bytes, int from, int to) {
        int at = from;
        // Written out: the compiler that runs here unrolls nothing, and this is half the time of long strings.
        while (at <= to - STRIDE) {
            long a = (long) LONGS.get(bytes, at);
            long b = (long) LONGS.get(bytes, at + Long.BYTES);
            long c = (long) LONGS.get(bytes, at + 2 * Long.BYTES);
            long d = (long) LONGS.get(bytes, at + 3 * Long.BYTES);
            long found = (((a ^ QUOTES) - ONES | (a ^ BACKSLASHES) - ONES | a - SPACES) & ~a)
                    | (((b ^ QUOTES) - ONES | (b ^ BACKSLASHES) - ONES | b - SPACES) & ~b)
                    | (((c ^ QUOTES) - ONES | (c ^ BACKSLASHES) - ONES | c - SPACES) & ~c)
                    | (((d ^ QUOTES) - ONES | (d ^ BACKSLASHES) - ONES | d - SPACES) & ~d);
            if ((found & HIGHS) != 0) {
                break;
            }
            at += STRIDE;
        }
        for (; at <= to - Long.BYTES; at += Long.BYTES) {
            long eight = (long) LONGS.get(bytes, at);
            // Sets the high bit of each ASCII byte that is one of the two, or below a space; of those set by mistake
            // none is the lowest.
            long found = ((eight ^ QUOTES) - ONES | (eight ^ BACKSLASHES) - ONES | eight - SPACES) & ~eight & HIGHS;
            if (found != 0) {
                return at + Long.numberOfTrailingZeros(found) / Byte.SIZE;
            }
        }
        while (at < to && isPlain(bytes[at])) {
            at++;
        }
        return at;
    }

    /** How long {@code text} is as the inside of a JSON string. */
    static long quotedLength(byte[] text) {
        long length = text.length;
        for (int at = endOfPlain(text, 0, text.length); at < text.length; at = endOfPlain(text, at + 1, text.length)) {
            length += shortEscape(text[at]) == 0 ? UNICODE_ESCAPE - 1 : 1;
        }
        return length;
    }

    /** Writes {@code text} as the inside of a JSON string, which has {@link #quotedLength}; returns where it ends. */
    static int quote(byte[] text, byte[] to, int at) {
        int out = at;
        int from = 0;
        while (true) {
            int end = endOfPlain(text, from, text.length);
            System.arraycopy(text, from, to, out, end - from);
            out += end - from;
            if (end == text.length) {
                return out;
            }
            to[out++] = '\\';
            byte escape = shortEscape(text[end]);
            if (escape == 0) {
                to[out++] = 'u';
                to[out++] = '0';
                to[out++] = '0';
                to[out++] = (byte) HEX.charAt(text[end] >> 4);
                to[out++] = (byte) HEX.charAt(text[end] & 0x0F);
            } else {
                to[out++] = escape;
            }
            from = end + 1;
        }
    }

    /** 0 where there is none. */
    private static byte shortEscape(byte c) {
        return switch (c) {
            case '"', '\\' -> c;
            case '\b' -> 'b';
            case '\t' -> 't';
            case '\n' -> 'n';
            case '\f' -> 'f';
            case '\r' -> 'r';
            default -> 0;
        };
    }

    private static boolean isPlain(byte c) {
        return c < 0 || (c >= ' ' && c != '"' && c != '\\');
    }
}
