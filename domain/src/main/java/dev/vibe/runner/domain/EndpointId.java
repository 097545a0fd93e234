package dev.vibe.runner.domain;

import org.jspecify.annotations.Nullable;

/**
 * The name under which a runner is known to its server. Opaque data: never a path, never shell text.
 *
 * @param value not blank, at most 512 characters
 */
public record EndpointId(String value) {
    /** Rejects a blank or overlong value with {@link IllegalArgumentException}. */
    public EndpointId {
        Ids.check("endpointId", value);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof EndpointId that && that.value.equals(value);
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
