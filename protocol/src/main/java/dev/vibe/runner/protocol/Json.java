package dev.vibe.runner.protocol;

import com.fasterxml.jackson.core.io.JsonStringEncoder;

/** JSON as text: how a string is written. */
final class Json {
    private Json() {}

    static StringBuilder quote(StringBuilder out, String text) {
        out.append('"');
        JsonStringEncoder.getInstance().quoteAsString(text, out);
        return out.append('"');
    }

    /** The same, with U+FFFD for each half of a surrogate pair: a JSON text may hold one as an escape, UTF-8 cannot. */
    static String unicode(String text) {
        StringBuilder mended = null;
        int point;
        for (int i = 0; i < text.length(); i += Character.charCount(point)) {
            point = text.codePointAt(i);
            if (point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE) {
                mended = mended == null ? new StringBuilder(text) : mended;
                mended.setCharAt(i, '\uFFFD');
            }
        }
        return mended == null ? text : mended.toString();
    }

    /** The length of {@code text} in UTF-8. */
    static int utf8Length(CharSequence text) {
        int bytes = text.length();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= 0x80) {
                bytes++;
                // A surrogate pair is two chars and four bytes: 2 each.
                if (c >= 0x800 && !Character.isSurrogate(c)) {
                    bytes++;
                }
            }
        }
        return bytes;
    }
}
