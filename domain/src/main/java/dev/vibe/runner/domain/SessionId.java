package dev.vibe.runner.domain;

import org.jspecify.annotations.Nullable;

/**
 * The server's name for a session. Opaque data: never a path, never shell text. Whatever a server may call one must be a name here,
 * blanks and nothing at all too: else there is no answer that names it, and the server waits for ever.
 *
 * @param value at most 512 characters, no half of a surrogate pair among them
 */
public record SessionId(String value) {
    /** Rejects an overlong value, and one that is no Unicode text, with {@link IllegalArgumentException}. */
    public SessionId {
        Ids.checkLength("sessionId", value);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof SessionId that && that.value.equals(value);
    }

    /** Written out, as {@link #equals}: what a record gets for them Java makes at run time, in some milliseconds (docs/decisions.md, 45). */
    @Override
    public int hashCode() {
        return value.hashCode();
    }

    @Override
    public String toString() {
        return value;
    }
}
