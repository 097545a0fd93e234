package dev.vibe.runner.adapter.process;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import dev.vibe.runner.protocol.JsonReading;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The outside of a line of the app-server: enough to know what it is, without a tree of what is in it.
 *
 * @param method null for an answer
 * @param id its text, null for a notification
 */
record CodexLine(@Nullable String method, @Nullable String id) {

    private static final JsonFactory JSON = JsonReading.factory(StreamReadConstraints.defaults());

    /** Null where the line is not a JSON object. */
    static @Nullable CodexLine of(String line) {
        String method = null;
        String id = null;
        try (JsonParser parser = JSON.createParser(line)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return null;
            }
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String field = parser.currentName();
                JsonToken value = parser.nextToken();
                if (field.equals("method") && value == JsonToken.VALUE_STRING) {
                    method = parser.getText();
                } else if (field.equals("id") && value.isScalarValue()) {
                    id = parser.getText();
                } else {
                    parser.skipChildren();
                }
            }
        } catch (IOException e) {
            return null;
        }
        return new CodexLine(method, id);
    }
}
