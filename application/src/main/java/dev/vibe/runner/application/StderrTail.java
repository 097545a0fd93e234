package dev.vibe.runner.application;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.regex.Pattern;

/** The last words an agent wrote to its standard error, for the message that says how it died. Not thread-safe but for {@link #works}. */
final class StderrTail {
    private static final int MAX_LINES = 10;
    private static final int MAX_LINE_CHARS = 500;

    /** What an agent that worked said longer before its end is not why it ended, and whoever reads it thinks so. */
    private static final long RECENT_NANOS = Duration.ofSeconds(5).toNanos();

    /** ECMA-48: colours and the like, and titles of windows. */
    private static final Pattern ESCAPES = Pattern.compile(
            "\u001B(?:\\[[0-?]*[ -/]*[@-~]|\\][^\u0007\u001B]*(?:\u0007|\u001B\\\\)?|[ -/]*[0-Z\\\\^-~])");

    private record Line(String shown, long nanos) {}

    private final ArrayDeque<Line> lines = new ArrayDeque<>();
    private volatile boolean works; // told by another thread than the rest

    /** It takes messages: what it says now and then is not what keeps it from beginning. */
    void works() {
        works = true;
    }

    /** Another process begins. */
    void begins() {
        works = false;
        lines.clear();
    }

    void add(String line, long nowNanos) {
        String words = OverlongWords.of(line, MAX_LINE_CHARS);
        String shown = words == null ? line : words;
        if (shown.indexOf('\u001B') >= 0) {
            shown = ESCAPES.matcher(shown).replaceAll("");
        }
        if (shown.isBlank()) {
            return;
        }
        if (lines.size() == MAX_LINES) {
            lines.removeFirst();
        }
        boolean cut = words != null || shown.length() > MAX_LINE_CHARS;
        lines.addLast(new Line(
                cut ? shown.substring(0, Math.min(shown.length(), MAX_LINE_CHARS)) + "…" : shown, nowNanos));
    }

    /** Empty, or a separator and the lines: all of one that has never worked, of another the recent ones. */
    String describe(long nowNanos) {
        StringBuilder all = new StringBuilder();
        for (Line line : lines) {
            if (!works || nowNanos - line.nanos <= RECENT_NANOS) {
                all.append(all.isEmpty() ? ": " : "\n").append(line.shown);
            }
        }
        return all.toString();
    }
}
