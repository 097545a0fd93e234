package dev.vibe.runner.protocol;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import dev.vibe.runner.domain.SessionId;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Finds the session that a payload names when the payload itself cannot be taken: too deep, too large, or no JSON from some point on.
 * Without it nobody would get an answer. Reads along, and keeps nothing of what it passes.
 */
final class NamedSession {
    /** What lies before the name may be as deep as this; each level costs a few dozen bytes while it is open. */
    private static final int MAX_DEPTH = 100_000;

    /** Strings and numbers are passed over in pieces, or are no longer than the payload that is there already. */
    private static final JsonFactory JSON = JsonReading.factory(StreamReadConstraints.builder()
            .maxNestingDepth(MAX_DEPTH)
            .maxStringLength(Integer.MAX_VALUE)
            .maxNumberLength(Integer.MAX_VALUE)
            .build());

    private NamedSession() {}

    /** Null where there is none, none that could be one, or none that is found. Never throws. */
    static @Nullable SessionId in(String payload) {
        try (JsonParser in = JSON.createParser(payload)) {
            return in.nextToken() == JsonToken.START_OBJECT ? field(in) : null;
        } catch (IOException | IllegalArgumentException noneFound) {
            return null;
        }
    }

    private static @Nullable SessionId field(JsonParser in) throws IOException {
        while (in.nextToken() == JsonToken.FIELD_NAME) {
            boolean names = in.currentName().equals("sessionId");
            JsonToken value = in.nextToken();
            if (names) {
                return value == JsonToken.VALUE_STRING ? new SessionId(in.getText()) : null;
            }
            in.skipChildren();
        }
        return null;
    }
}
