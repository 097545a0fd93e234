package dev.vibe.runner.protocol;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.StringWriter;
import java.util.ArrayDeque;
import java.util.Map;

/**
 * Jackson's tree, read and written by Jackson's parser and generator, without its {@code ObjectMapper}: that one knows how to turn
 * any class into JSON, which nobody here asks of it, with 300 classes that were 4 MB of an idle runner and some milliseconds of its
 * first session (docs/decisions.md, 44). For several threads; never blocks.
 */
public final class JsonTree {
    /** As much as Jackson takes by default. */
    public static final JsonTree DEFAULT = new JsonTree(StreamReadConstraints.defaults());

    /** A node takes up to 30 times the memory of what is written for it ({@code {},}): a message of 2.6 MB filled all there is. */
    static final int MAX_TOKENS = 50_000;

    private final JsonFactory factory;

    /** @param bounds what is read at most */
    public JsonTree(StreamReadConstraints bounds) {
        factory = JsonReading.factory(bounds);
    }

    /**
     * The value that a text begins with; what follows it is not looked at.
     *
     * @return a missing node where the text is blank. Decimals are kept digit by digit; of fields with the same name the last counts
     * @throws JsonProcessingException where it is no JSON, or beyond the bounds: of more than 50,000 values and ends of values, too
     */
    public JsonNode readFirst(String text) throws JsonProcessingException {
        try (JsonParser in = factory.createParser(text)) {
            return read(in);
        } catch (JsonProcessingException invalid) {
            throw invalid;
        } catch (IOException impossible) {
            throw new IllegalStateException("a text is read from memory", impossible);
        }
    }

    /** As {@link #readFirst}, but anything behind the value is an error. */
    public JsonNode read(String text) throws JsonProcessingException {
        try (JsonParser in = factory.createParser(text)) {
            JsonNode value = read(in);
            if (in.nextToken() != null) {
                throw new JsonParseException(in, "there is something behind the value");
            }
            return value;
        } catch (JsonProcessingException invalid) {
            throw invalid;
        } catch (IOException impossible) {
            throw new IllegalStateException("a text is read from memory", impossible);
        }
    }

    /** Without recursion: some threads have small stacks. */
    private static JsonNode read(JsonParser in) throws IOException {
        if (in.nextToken() == null) {
            return MissingNode.getInstance();
        }
        ArrayDeque<JsonNode> open = new ArrayDeque<>();
        JsonNode root = opened(in, open);
        for (int tokens = 0; !open.isEmpty(); tokens++) {
            if (tokens > MAX_TOKENS) {
                throw new StreamConstraintsException("more than " + MAX_TOKENS + " values and ends of values");
            }
            JsonToken token = in.nextToken();
            if (token.isStructEnd()) {
                open.pop();
            } else if (open.peek() instanceof ArrayNode array) {
                array.add(opened(in, open));
            } else if (open.peek() instanceof ObjectNode object) {
                String name = in.currentName();
                var _ = in.nextToken();
                object.set(name, opened(in, open));
            }
        }
        return root;
    }

    /** The value at which the parser is; a container becomes the innermost that is open. */
    private static JsonNode opened(JsonParser in, ArrayDeque<JsonNode> open) throws IOException {
        JsonNodeFactory nodes = JsonNodeFactory.instance;
        JsonNode node = switch (in.currentToken()) {
            case START_OBJECT -> nodes.objectNode();
            case START_ARRAY -> nodes.arrayNode();
            case VALUE_STRING -> nodes.textNode(in.getText());
            case VALUE_NUMBER_INT -> integer(in, nodes);
            case VALUE_NUMBER_FLOAT -> decimal(in);
            case VALUE_TRUE -> nodes.booleanNode(true);
            case VALUE_FALSE -> nodes.booleanNode(false);
            case VALUE_NULL -> nodes.nullNode();
            default -> throw new JsonParseException(in, "no value begins with " + in.currentToken());
        };
        if (node.isContainerNode()) {
            open.push(node);
        }
        return node;
    }

    private static JsonNode decimal(JsonParser in) throws IOException {
        try {
            return DecimalNode.valueOf(in.getDecimalValue());
        } catch (NumberFormatException endless) {
            // 1e99999999999 is JSON, and what Jackson throws for it is no exception of Jackson's.
            throw new StreamConstraintsException("a number's exponent is beyond what can be read");
        }
    }

    private static JsonNode integer(JsonParser in, JsonNodeFactory nodes) throws IOException {
        return switch (in.getNumberType()) {
            case INT -> nodes.numberNode(in.getIntValue());
            case LONG -> nodes.numberNode(in.getLongValue());
            default -> nodes.numberNode(in.getBigIntegerValue());
        };
    }

    /**
     * As JSON, on one line. Its depth costs stack.
     *
     * @throws JsonProcessingException where it is deeper than Jackson writes, 1,000 levels
     */
    public String write(JsonNode node) throws JsonProcessingException {
        StringWriter text = new StringWriter();
        try (JsonGenerator out = factory.createGenerator(text)) {
            write(node, out);
        } catch (JsonProcessingException tooDeep) {
            throw tooDeep;
        } catch (IOException impossible) {
            throw new IllegalStateException("a text is written to memory", impossible);
        }
        return text.toString();
    }

    private static void write(JsonNode node, JsonGenerator out) throws IOException {
        if (node.isObject()) {
            out.writeStartObject();
            for (Map.Entry<String, JsonNode> field : node.properties()) {
                out.writeFieldName(field.getKey());
                write(field.getValue(), out);
            }
            out.writeEndObject();
        } else if (node.isArray()) {
            out.writeStartArray();
            for (JsonNode element : node) {
                write(element, out);
            }
            out.writeEndArray();
        } else if (node.isTextual()) {
            out.writeString(node.textValue());
        } else if (node.isNumber()) {
            out.writeNumber(node.asText());
        } else if (node.isBoolean()) {
            out.writeBoolean(node.booleanValue());
        } else {
            out.writeNull();
        }
    }
}
