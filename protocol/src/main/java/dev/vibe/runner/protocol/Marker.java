package dev.vibe.runner.protocol;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import dev.vibe.runner.domain.OutputLine;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * What stands in the stream for a line that fits no frame of this server: how long it was, its head, and where it was a
 * JSON object its {@code type} and ids, so that a receiver can still place it.
 */
final class Marker {
    private static final Set<String> KEPT =
            Set.of("type", "subtype", "id", "uuid", "session_id", "parent_tool_use_id", "request_id", "method");
    private static final int MAX_KEPT_LENGTH = 256;
    private static final JsonFactory FACTORY = JsonReading.factory(StreamReadConstraints.builder()
            .maxNestingDepth(Integer.MAX_VALUE)
            .maxNumberLength(Integer.MAX_VALUE)
            .maxNameLength(Integer.MAX_VALUE)
            .maxStringLength(Integer.MAX_VALUE)
            .build());

    private Marker() {}

    /**
     * The marker as a JSON object.
     *
     * @param headChars how many characters of the line to carry at most
     */
    static String of(OutputLine line, boolean json, int limitBytes, int headChars) {
        StringBuilder out = new StringBuilder(headChars + 512).append('{');
        String head = head(line.text(), headChars);
        Map<String, String> ids = json ? ids(line.text()) : Map.of();
        if (ids.isEmpty()) {
            out.append("\"type\":\"text\",\"content\":");
            Json.quote(out, head);
            out.append(",\"source\":\"").append(line.channel().wireName()).append('"');
        } else {
            ids.forEach((key, value) -> {
                if (out.length() > 1) {
                    out.append(',');
                }
                Json.quote(out, key).append(':').append(value);
            });
        }
        out.append(",\"truncated\":{\"bytes\":")
                .append(Json.utf8Length(line.text()))
                .append(",\"limitBytes\":")
                .append(limitBytes)
                .append(",\"head\":");
        return Json.quote(out, head).append("}}").toString();
    }

    private static String head(String text, int chars) {
        if (text.length() <= chars) {
            return text;
        }
        int end = Character.isHighSurrogate(text.charAt(chars - 1)) ? chars - 1 : chars;
        return text.substring(0, end);
    }

    private static Map<String, String> ids(String text) {
        Map<String, String> ids = new LinkedHashMap<>();
        try (JsonParser parser = FACTORY.createParser(text)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return ids;
            }
            for (String key = parser.nextFieldName(); key != null; key = parser.nextFieldName()) {
                JsonToken value = parser.nextToken();
                if (!KEPT.contains(key)) {
                    parser.skipChildren();
                } else if (value == JsonToken.VALUE_STRING && parser.getTextLength() <= MAX_KEPT_LENGTH) {
                    ids.put(
                            key,
                            Json.quote(new StringBuilder(), parser.getText()).toString());
                } else if (value == JsonToken.VALUE_NUMBER_INT && parser.getTextLength() <= MAX_KEPT_LENGTH) {
                    ids.put(key, parser.getText());
                } else {
                    parser.skipChildren();
                }
            }
        } catch (IOException unreadable) {
            // It was checked, but not by this parser: one that judges otherwise must not stop the stream.
            return Map.of();
        }
        return ids;
    }
}
