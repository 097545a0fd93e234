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
        return value;
    }
}
