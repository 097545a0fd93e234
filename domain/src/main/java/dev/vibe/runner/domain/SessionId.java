package dev.vibe.runner.domain;

/**
 * The server's name for a session. Opaque data: never a path, never shell text.
 *
 * @param value not blank, at most 512 characters
 */
public record SessionId(String value) {
    /** Rejects a blank or overlong value with {@link IllegalArgumentException}. */
    public SessionId {
        Ids.check("sessionId", value);
    }

    @Override
    public String toString() {
        return value;
    }
}
