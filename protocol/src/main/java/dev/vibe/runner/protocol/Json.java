package dev.vibe.runner.protocol;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.io.IOException;

/** JSON as text: is it, and how a string is written. */
final class Json {
    /** An agent's line is judged by its syntax alone; its size has been bounded where it was read. */
    private static final JsonFactory SYNTAX = new JsonFactoryBuilder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(Integer.MAX_VALUE)
                    .maxNumberLength(Integer.MAX_VALUE)
                    .maxStringLength(Integer.MAX_VALUE)
                    .maxNameLength(Integer.MAX_VALUE)
                    .build())
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            // Names that collide are slow to look up; an agent that makes them up slows down itself alone.
            .disable(JsonFactory.Feature.FAIL_ON_SYMBOL_HASH_OVERFLOW)
            .build();

    private Json() {}

    /**
     * True when {@code utf8} is exactly one JSON value (RFC 8259), of any kind, white space around it allowed.
     *
     * @param utf8 valid UTF-8
     */
    static boolean isValue(byte[] utf8) {
        if (!mayBeginValue(utf8)) {
            return false;
        }
        try (JsonParser parser = SYNTAX.createParser(utf8)) {
            if (parser.nextToken() == null) {
                return false;
            }
            parser.skipChildren();
            return parser.nextToken() == null;
        } catch (IOException notJson) {
            return false;
        }
    }

    /** Spares plain text the cost of an exception. */
    private static boolean mayBeginValue(byte[] utf8) {
        for (int i = 0; i < Math.min(utf8.length, Integer.BYTES); i++) {
            if (utf8[i] == 0) { // the parser would take it for UTF-16 or UTF-32
                return false;
            }
        }
        for (byte c : utf8) {
            if (c == ' ' || c == '\t' || c == '\r' || c == '\n') {
                continue;
            }
            return c == '{'
                    || c == '['
                    || c == '"'
                    || c == '-'
                    || (c >= '0' && c <= '9')
                    || c == 't'
                    || c == 'f'
                    || c == 'n';
        }
        return false;
    }

    static StringBuilder quote(StringBuilder out, String text) {
        out.append('"');
        JsonStringEncoder.getInstance().quoteAsString(text, out);
        return out.append('"');
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
