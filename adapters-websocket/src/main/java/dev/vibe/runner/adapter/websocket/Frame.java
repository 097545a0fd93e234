package dev.vibe.runner.adapter.websocket;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import dev.vibe.runner.protocol.JsonReading;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** One message from the server, taken apart; see docs/websocket-protocol.md. */
sealed interface Frame {
    /**
     * An event of the vibe-server protocol.
     *
     * @param data the payload's text as it stands; empty where there is none; with all that follows it where it is too deep to find
     *     its end, since a decoder that refuses it can still say whose it is
     */
    record Event(String name, String data) implements Frame {}

    /** The server has handled so many of our event frames. */
    record Ack(long count) implements Frame {}

    /** An acknowledgement that is no whole number. */
    record BadAck() implements Frame {}

    /** What the server takes. */
    record Hello(long maxPayload) implements Frame {}

    /** Something of a later protocol, or nothing that can be read. */
    record Other() implements Frame {}

    /** Strings and numbers may be as long as a message; depth is the payload decoder's affair, as far as this parser can carry it. */
    JsonFactory JSON = JsonReading.factory(StreamReadConstraints.builder()
            .maxStringLength(Integer.MAX_VALUE)
            .maxNumberLength(Integer.MAX_VALUE)
            .maxNestingDepth(100_000)
            .build());

    /** Above, not each whole number is a {@code double}. */
    double MAX_EXACT = 9_007_199_254_740_992.0;

    /** Reads a message, whatever it is; never throws. */
    static Frame parse(String text) {
        try (JsonParser in = JSON.createParser(text)) {
            return in.nextToken() == JsonToken.START_OBJECT ? object(in, text) : new Other();
        } catch (IOException malformed) {
            return new Other();
        }
    }

    private static Frame object(JsonParser in, String text) throws IOException {
        String event = null;
        String data = "";
        Frame other = new Other();
        while (in.nextToken() == JsonToken.FIELD_NAME) {
            String field = in.currentName();
            JsonToken value = in.nextToken();
            switch (field) {
                case "event" -> event = value == JsonToken.VALUE_STRING ? in.getText() : skipped(in);
                case "data" -> {
                    int from = (int) in.currentTokenLocation().getCharOffset();
                    try {
                        if (value == JsonToken.VALUE_STRING) {
                            in.finishToken();
                        }
                        in.skipChildren();
                    } catch (StreamConstraintsException tooDeep) {
                        if (event == null) {
                            throw tooDeep;
                        }
                        return new Event(event, text.substring(from));
                    }
                    data = text.substring(from, (int) in.currentLocation().getCharOffset());
                }
                case "ack" -> {
                    other = ack(in, value);
                }
                case "hello" -> other = value == JsonToken.START_OBJECT ? hello(in) : other;
                default -> in.skipChildren();
            }
        }
        return event == null ? other : new Event(event, data);
    }

    /** As JSON's numbers are: 7, 7.0 and 7e0 are one. */
    private static Frame ack(JsonParser in, JsonToken value) throws IOException {
        if (value == JsonToken.VALUE_NUMBER_INT) {
            return new Ack(in.getLongValue());
        }
        double count = value == JsonToken.VALUE_NUMBER_FLOAT ? in.getDoubleValue() : Double.NaN;
        if (count == Math.rint(count) && Math.abs(count) < MAX_EXACT) {
            return new Ack((long) count);
        }
        in.skipChildren();
        return new BadAck();
    }

    private static Frame hello(JsonParser in) throws IOException {
        long maxPayload = 0;
        while (in.nextToken() == JsonToken.FIELD_NAME) {
            String field = in.currentName();
            JsonToken value = in.nextToken();
            if (field.equals("maxPayload") && value == JsonToken.VALUE_NUMBER_INT) {
                maxPayload = in.getLongValue();
            } else {
                in.skipChildren();
            }
        }
        return new Hello(maxPayload);
    }

    private static @Nullable String skipped(JsonParser in) throws IOException {
        in.skipChildren();
        return null;
    }
}
