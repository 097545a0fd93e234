package dev.vibe.runner.localserver;

import java.util.ArrayDeque;

/** The newest of what was said in a session, each entry JSON. The oldest go when it is too much. Guarded by the hub's lock. */
final class History {
    private static final long MAX_CHARS = 32_000_000;
    private static final int MAX_ENTRIES = 20_000;

    private final ArrayDeque<String> entries = new ArrayDeque<>();
    private long chars;
    private long begin;

    /** Adds an entry and returns its number. */
    long add(String json) {
        entries.add(json);
        chars += json.length();
        while (entries.size() > MAX_ENTRIES || (chars > MAX_CHARS && entries.size() > 1)) {
            chars -= entries.remove().length();
            begin++;
        }
        return end() - 1;
    }

    /** The number the next entry will have. */
    long end() {
        return begin + entries.size();
    }

    /** A JSON array of {@code [number, entry]} from a number on, of about {@code atMost} characters. */
    String from(long first, long atMost) {
        StringBuilder out = new StringBuilder("[");
        long number = begin;
        for (String entry : entries) {
            if (number >= first) {
                if (out.length() > 1) {
                    out.append(',');
                }
                out.append('[').append(number).append(',').append(entry).append(']');
                if (out.length() > atMost) {
                    break;
                }
            }
            number++;
        }
        return out.append(']').toString();
    }
}
