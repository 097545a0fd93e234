package dev.vibe.runner.domain;

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
    public String toString() {
        return value;
    }
}
