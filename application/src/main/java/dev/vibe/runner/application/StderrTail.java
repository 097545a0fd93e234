package dev.vibe.runner.application;

import java.util.ArrayDeque;

/** The last words an agent wrote to its standard error, for the message that says how it died. Not thread-safe. */
final class StderrTail {
    private static final int MAX_LINES = 10;
    private static final int MAX_LINE_CHARS = 500;

    private final ArrayDeque<String> lines = new ArrayDeque<>();

    void add(String line) {
        if (line.isBlank()) {
            return;
        }
        if (lines.size() == MAX_LINES) {
            lines.removeFirst();
        }
        lines.addLast(line.length() > MAX_LINE_CHARS ? line.substring(0, MAX_LINE_CHARS) + "…" : line);
    }

    /** Empty, or a separator and the lines. */
    String describe() {
        return lines.isEmpty() ? "" : ": " + String.join("\n", lines);
    }
}
