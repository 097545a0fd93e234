package dev.vibe.runner.localserver;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;

/**
 * The newest of what was said in a session, each entry JSON in UTF-8: as text, one character beyond Latin-1 would double it. The
 * oldest go when {@link Histories} wants room. Guarded by the hub's lock.
 */
final class History {
    private static final int MAX_ENTRIES = 20_000;

    /** What Java needs for an entry beside its bytes: the array's head and filling, and its place here. */
    private static final int ENTRY_BYTES = 32;

    private final ArrayDeque<byte[]> entries = new ArrayDeque<>();
    private long bytes;
    private long begin;

    /** Adds an entry and returns its number. */
    long add(byte[] json) {
        entries.add(json);
        bytes += json.length + ENTRY_BYTES;
        if (entries.size() > MAX_ENTRIES) {
            dropOldest();
        }
        return end() - 1;
    }

    /** Forgets the oldest entry, if there is one. */
    void dropOldest() {
        byte[] oldest = entries.poll();
        if (oldest != null) {
            bytes -= oldest.length + ENTRY_BYTES;
            begin++;
        }
    }

    /** How much memory it takes. */
    long bytes() {
        return bytes;
    }

    /** The number the next entry will have. */
    long end() {
        return begin + entries.size();
    }

    /** A JSON array of {@code [number, entry]} from a number on, of about {@code atMost} bytes. */
    byte[] from(long first, long atMost) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write('[');
        long number = begin;
        for (byte[] entry : entries) {
            if (number >= first) {
                out.writeBytes(((out.size() > 1 ? ",[" : "[") + number + ",").getBytes(StandardCharsets.US_ASCII));
                out.writeBytes(entry);
                out.write(']');
                if (out.size() > atMost) {
                    break;
                }
            }
            number++;
        }
        out.write(']');
        return out.toByteArray();
    }
}
