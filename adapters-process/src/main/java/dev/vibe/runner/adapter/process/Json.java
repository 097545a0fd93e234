package dev.vibe.runner.adapter.process;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.io.JsonStringEncoder;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.vibe.runner.protocol.JsonTree;

/** JSON as this module reads and writes it. */
final class Json {
    private Json() {}

    static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    /** One complete value, missing where the text is blank; anything after it is an error. A number that is passed on stays as it was written. */
    static JsonNode read(String text) throws JsonProcessingException {
        return JsonTree.DEFAULT.read(text);
    }

    static String write(JsonNode node) throws JsonProcessingException {
        return JsonTree.DEFAULT.write(node);
    }

    /** A text as a JSON string, quotes included. */
    static String quote(String text) {
        StringBuilder quoted = new StringBuilder(text.length() + 16).append('"');
        JsonStringEncoder.getInstance().quoteAsString(text, quoted);
        return quoted.append('"').toString();
    }
}
