package dev.vibe.runner.application;

import org.jspecify.annotations.Nullable;

/**
 * The words behind what stands for an overlong line, which is JSON for the server's sake (docs/protocol.md): its {@code head}, or
 * of a line that was no JSON object its {@code content}. Just enough of JSON for these.
 */
final class OverlongWords {
    /** Within a JSON string the quotes would be escaped. */
    private static final String MARK = "\"truncated\":{\"bytes\":";

    private static final String HEAD = "\"head\":\"";
    private static final String CONTENT = "{\"type\":\"text\",\"content\":\"";
    private static final String UNIT = "[0-9a-fA-F]{4}";
    private static final int UNIT_DIGITS = 4;
    private static final int HEX = 16;

    private OverlongWords() {}

    /** The beginning of the line as it was, {@code atMost} characters or fewer; null where this stands for no other line. */
    static @Nullable String of(String line, int atMost) {
        int mark = line.indexOf(MARK);
        if (mark < 0 || !line.startsWith("{") || !line.endsWith("}}")) {
            return null;
        }
        int head = line.indexOf(HEAD, mark);
        if (head >= 0) {
            return text(line, head + HEAD.length(), atMost);
        }
        return line.startsWith(CONTENT) ? text(line, CONTENT.length(), atMost) : null;
    }

    /**
     * Of a JSON string that begins here, as far as its first line goes: the runner's own note follows on another. Null where it is
     * none, since an agent may write what it likes.
     */
    private static @Nullable String text(String json, int from, int atMost) {
        StringBuilder text = new StringBuilder();
        int at = from;
        while (text.length() < atMost && at < json.length() && json.charAt(at) != '"') {
            char c = json.charAt(at++);
            if (c != '\\') {
                text.append(c);
                continue;
            }
            char escaped = json.charAt(at++); // the line ends with another character
            switch (escaped) {
                case 'n' -> {
                    return text.toString();
                }
                case 't' -> text.append('\t');
                case 'r' -> text.append('\r');
                case 'b' -> text.append('\b');
                case 'f' -> text.append('\f');
                case 'u' -> {
                    String unit = json.substring(at, Math.min(at + UNIT_DIGITS, json.length()));
                    if (!unit.matches(UNIT)) {
                        return null;
                    }
                    text.append((char) Integer.parseInt(unit, HEX));
                    at += UNIT_DIGITS;
                }
                default -> text.append(escaped);
            }
        }
        return text.toString();
    }
}
