package dev.vibe.runner.adapter.process.scripted;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;

/** What comes in on stdin. */
sealed interface Input {
    /** A script. */
    record Message(String text) implements Input {}

    /** The end of the input. */
    record End() implements Input {}

    /** A line taken apart; one that is not JSON is a script itself, for use by hand. */
    record Parsed(String text, boolean interrupt) {}

    /** Reads one line of input. */
    static Parsed parse(String line) {
        String text = null;
        boolean interrupt = false;
        try (JsonParser parser = new JsonFactory().createParser(line)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return new Parsed(line, false);
            }
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String field = parser.currentName();
                JsonToken value = parser.nextToken();
                if (field.equals("text") && value == JsonToken.VALUE_STRING) {
                    text = parser.getText();
                } else if (field.equals("interrupt")) {
                    interrupt = value == JsonToken.VALUE_TRUE;
                } else {
                    parser.skipChildren();
                }
            }
        } catch (IOException e) {
            return new Parsed(line, false);
        }
        return text == null && !interrupt ? new Parsed(line, false) : new Parsed(text == null ? "" : text, interrupt);
    }
}
