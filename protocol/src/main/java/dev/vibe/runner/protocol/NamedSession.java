package dev.vibe.runner.protocol;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.vibe.runner.domain.SessionId;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Finds the session that a payload names when the payload itself cannot be taken: too deep, too large, or no JSON from some point on.
 * Without it nobody would get an answer. Reads along, and keeps nothing of what it passes.
 */
final class NamedSession {
    private NamedSession() {}

    /** Null where there is none, none that could be one, or none that is found. Never throws. */
    static @Nullable SessionId in(String payload) {
        try (JsonParser in = JsonReading.ALONG.createParser(payload)) {
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
