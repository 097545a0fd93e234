package dev.vibe.runner.application;

import java.util.ArrayDeque;

/** The last words an agent wrote to its standard error, for the message that says how it died. Not thread-safe. */
final class StderrTail {
    private static final int MAX_LINES = 10;
    private static final int MAX_LINE_CHARS = 500;

    private final ArrayDeque<String> lines = new ArrayDeque<>();

    void add(String line) {
        String words = OverlongWords.of(line, MAX_LINE_CHARS);
        String shown = words == null ? line : words;
        if (shown.isBlank()) {
            return;
        }
        if (lines.size() == MAX_LINES) {
            lines.removeFirst();
        }
        boolean cut = words != null || shown.length() > MAX_LINE_CHARS;
        lines.addLast(cut ? shown.substring(0, Math.min(shown.length(), MAX_LINE_CHARS)) + "…" : shown);
    }

    /** Empty, or a separator and the lines. */
    String describe() {
        return lines.isEmpty() ? "" : ": " + String.join("\n", lines);
    }
}
