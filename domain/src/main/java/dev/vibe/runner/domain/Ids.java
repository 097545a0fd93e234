package dev.vibe.runner.domain;

/** What every identifier that comes from outside must satisfy. */
final class Ids {
    /** Longer identifiers are hostile or broken: real ones are UUIDs or short slugs. */
    static final int MAX_LENGTH = 512;

    private Ids() {}

    static String check(String kind, String value) {
        if (value.isBlank()) {
            throw new IllegalArgumentException(kind + " is blank");
        }
        return checkLength(kind, value);
    }

    static String checkLength(String kind, String value) {
        if (value.length() > MAX_LENGTH) {
            throw new IllegalArgumentException(
                    kind + " has " + value.length() + " characters, at most " + MAX_LENGTH + " are allowed");
        }
        if (!isUnicode(value)) {
            throw new IllegalArgumentException(kind + " is no Unicode text: it has half of a surrogate pair");
        }
        return value;
    }

    /** Half a pair has no UTF-8: on its way, and on disk, it would become something else, and two identifiers one. */
    private static boolean isUnicode(String value) {
        int point;
        for (int i = 0; i < value.length(); i += Character.charCount(point)) {
            point = value.codePointAt(i);
            if (point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE) {
                return false;
            }
        }
        return true;
    }
}
