package dev.vibe.runner.adapter.process;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.vibe.runner.protocol.JsonReading;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The ids of Codex's requests as the session's user sees them. Codex counts from 0 in each of its processes (measured with 0.169.0): a
 * yes to the request 0 of a process that is gone would run whatever the next process asks for with its 0.
 */
final class CodexIds {
    private static final JsonFactory JSON = JsonReading.factory(StreamReadConstraints.defaults());
    private static final List<String> OF_REQUEST = List.of("id");
    private static final List<String> OF_RESOLVED = List.of("params", "requestId");

    /** Above it JavaScript's numbers are not exact. */
    private static final long LARGEST = (1L << 53) - 1;

    /** No process asks more in a millisecond, so that two that are started one after the other share no id. */
    private static final long IDS_A_MILLISECOND = 1_000;

    private final long base;

    private CodexIds(long base) {
        this.base = base;
    }

    /** Of a session's first process: as Codex writes them. */
    static CodexIds asTheyAre() {
        return new CodexIds(0);
    }

    /** Unlike those of all processes before: numbers remain numbers, whole and small enough to be exact everywhere. */
    static CodexIds unlikeEarlier(long nowMillis) {
        return new CodexIds(nowMillis * IDS_A_MILLISECOND);
    }

    /** The id the user sees for one of Codex's. */
    JsonNode shown(JsonNode id) {
        if (base == 0 || !(id.isNumber() || id.isTextual())) {
            return id;
        }
        boolean counted = id.isIntegralNumber() && id.canConvertToLong();
        long number = id.asLong();
        return counted && number >= 0 && number <= LARGEST - base
                ? JsonNodeFactory.instance.numberNode(base + number)
                : JsonNodeFactory.instance.textNode(base + "-" + id.asText());
    }

    /** A request's line with the id that is shown; nothing else of it changes. */
    String inRequest(String line) {
        return base == 0 ? line : shown(line, OF_REQUEST);
    }

    /** The same for a line of {@code serverRequest/resolved}. */
    String inResolved(String line) {
        return base == 0 ? line : shown(line, OF_RESOLVED);
    }

    private String shown(String line, List<String> path) {
        Token token;
        try (JsonParser parser = JSON.createParser(line)) {
            token = parser.nextToken() == JsonToken.START_OBJECT ? last(parser, path) : null;
        } catch (IOException e) {
            return line;
        }
        return token == null
                ? line
                : line.substring(0, token.from) + ClaudeMessages.write(shown(token.value)) + line.substring(token.to);
    }

    /** Where in the line a value is written. */
    private record Token(int from, int to, JsonNode value) {}

    /** Of fields of one name the last counts, as for who reads the line. */
    private static @Nullable Token last(JsonParser parser, List<String> path) throws IOException {
        Token found = null;
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            boolean wanted = parser.currentName().equals(path.getFirst());
            JsonToken value = parser.nextToken();
            if (wanted && path.size() > 1 && value == JsonToken.START_OBJECT) {
                found = last(parser, path.subList(1, path.size()));
            } else if (wanted && path.size() == 1) {
                found = token(parser, value);
            }
            parser.skipChildren();
        }
        return found;
    }

    private static @Nullable Token token(JsonParser parser, JsonToken token) throws IOException {
        int from = Math.toIntExact(parser.currentTokenLocation().getCharOffset());
        return switch (token) {
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT ->
                new Token(from, from + parser.getTextLength(), Json.read(parser.getText()));
            case VALUE_STRING -> {
                JsonNode text = JsonNodeFactory.instance.textNode(parser.getText());
                yield new Token(from, Math.toIntExact(parser.currentLocation().getCharOffset()), text);
            }
            default -> null;
        };
    }
}
