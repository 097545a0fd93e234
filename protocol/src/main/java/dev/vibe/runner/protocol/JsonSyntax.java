package dev.vibe.runner.protocol;

import java.util.Arrays;

/**
 * Whether bytes are one JSON value (RFC 8259): no tree, no tokens, no recursion. Each line of an agent passes here, and a general
 * parser was the largest single item of its cost, most of all in the first minute, when Java still interprets (measured, see
 * docs/performance.md). Held to a general parser's judgement by {@code JsonSyntaxTest}.
 */
final class JsonSyntax {
    /**
     * What is deeper is text here, and no value. Node parses any depth, but {@code JSON.stringify}, on the way to a log, a database or a
     * browser, throws beyond 4,171 levels (measured with 20.20): a server that dies of a line is sent it again, for ever.
     */
    static final int MAX_DEPTH = 3_000;

    private static final int FIRST_WORDS = 4;
    private static final int UNICODE_DIGITS = 4;

    private final byte[] json;
    private int at;
    private int depth;
    /** A bit for each level that is open: whether it is an object. */
    private long[] objects = new long[FIRST_WORDS];

    private JsonSyntax(byte[] json) {
        this.json = json;
    }

    /**
     * True when {@code utf8} is exactly one JSON value, of any kind, white space around it allowed, no deeper than {@link #MAX_DEPTH}.
     *
     * @param utf8 valid UTF-8
     */
    static boolean isValue(byte[] utf8) {
        return new JsonSyntax(utf8).isValue();
    }

    private boolean isValue() {
        while (true) {
            skipSpace();
            if (at == json.length) {
                return false;
            }
            byte first = json[at];
            boolean opened = false;
            if (first == '{' || first == '[') {
                at++;
                skipSpace();
                opened = !is(first == '{' ? '}' : ']');
                if (opened && !open(first == '{')) {
                    return false;
                }
            } else if (!scalar(first)) {
                return false;
            }
            if (opened) {
                if (inObject() && !name()) {
                    return false;
                }
                continue;
            }
            // A value is complete, and perhaps others that it ends.
            for (skipSpace(); depth > 0 && is(inObject() ? '}' : ']'); skipSpace()) {
                depth--;
            }
            if (depth == 0) {
                return at == json.length;
            }
            if (!is(',')) {
                return false;
            }
            skipSpace();
            if (inObject() && !name()) {
                return false;
            }
        }
    }

    private void skipSpace() {
        while (at < json.length && json[at] <= ' ' && isSpace(json[at])) {
            at++;
        }
    }

    private static boolean isSpace(byte c) {
        return c == ' ' || c == '\n' || c == '\r' || c == '\t';
    }

    /** Steps over {@code c} if it is here. */
    private boolean is(char c) {
        if (at < json.length && json[at] == c) {
            at++;
            return true;
        }
        return false;
    }

    private boolean open(boolean object) {
        if (depth == MAX_DEPTH) {
            return false;
        }
        int word = depth >> 6;
        if (word == objects.length) {
            objects = Arrays.copyOf(objects, 2 * word);
        }
        long bit = 1L << depth;
        objects[word] = object ? objects[word] | bit : objects[word] & ~bit;
        depth++;
        return true;
    }

    private boolean inObject() {
        int level = depth - 1;
        return (objects[level >> 6] & 1L << level) != 0;
    }

    private boolean name() {
        if (!is('"') || !restOfString()) {
            return false;
        }
        skipSpace();
        return is(':');
    }

    private boolean scalar(byte first) {
        return switch (first) {
            case '"' -> {
                at++;
                yield restOfString();
            }
            case 't' -> word('r', 'u', 'e');
            case 'f' -> word('a', 'l', 's', 'e');
            case 'n' -> word('u', 'l', 'l');
            default -> number();
        };
    }

    private boolean word(char... rest) {
        at++;
        for (char c : rest) {
            if (!is(c)) {
                return false;
            }
        }
        return true;
    }

    /** From behind the opening quote to behind the closing one. */
    private boolean restOfString() {
        while (true) {
            at = Bytes.endOfPlain(json, at, json.length);
            if (is('"')) {
                return true;
            }
            if (!is('\\') || at == json.length) { // the end, or a control character
                return false;
            }
            switch (json[at++]) {
                case '"', '\\', '/', 'b', 'f', 'n', 'r', 't' -> {}
                case 'u' -> {
                    for (int i = 0; i < UNICODE_DIGITS; i++) {
                        if (at == json.length || Character.digit(json[at++], 16) < 0) {
                            return false;
                        }
                    }
                }
                default -> {
                    return false;
                }
            }
        }
    }

    private boolean number() {
        is('-');
        if (!is('0') && !digits()) {
            return false;
        }
        if (is('.') && !digits()) {
            return false;
        }
        if (is('e') || is('E')) {
            if (!is('+')) {
                is('-');
            }
            return digits();
        }
        return true;
    }

    /** One at least. */
    private boolean digits() {
        int from = at;
        while (at < json.length && json[at] >= '0' && json[at] <= '9') {
            at++;
        }
        return at > from;
    }
}
