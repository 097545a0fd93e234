package dev.vibe.runner.localserver;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamWriteConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** JSON of this server. */
final class Wire {
    /** A line of an agent has 3,000 levels at most (docs/protocol.md), and lies in an envelope. Each is a call or two when written. */
    private static final int MAX_DEPTH = 3_010;

    /** Without Jackson's limits: what a runner sends it has checked, and a line that is refused it would send again for ever. */
    static final StreamReadConstraints READ = StreamReadConstraints.builder()
            .maxNestingDepth(MAX_DEPTH)
            .maxNumberLength(Integer.MAX_VALUE)
            .maxNameLength(Integer.MAX_VALUE)
            .maxStringLength(Integer.MAX_VALUE)
            .build();

    static final StreamWriteConstraints WRITE =
            StreamWriteConstraints.builder().maxNestingDepth(MAX_DEPTH).build();

    static final ObjectMapper JSON = new ObjectMapper(JsonFactory.builder()
            .streamReadConstraints(READ)
            .streamWriteConstraints(WRITE)
            .build());

    private Wire() {}

    static ObjectNode object() {
        return JSON.createObjectNode();
    }

    /** An object; null where the text is none. */
    static @Nullable ObjectNode parse(String text) {
        try {
            return JSON.readTree(text) instanceof ObjectNode object ? object : null;
        } catch (JsonProcessingException _) {
            return null;
        }
    }

    static String text(JsonNode node) {
        try {
            return JSON.writeValueAsString(node);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("what was read can be written", impossible);
        }
    }

    /** {@link #text} in UTF-8; halves of surrogate pairs, which it has no bytes for, become "?". */
    static byte[] bytes(JsonNode node) {
        return text(node).getBytes(StandardCharsets.UTF_8);
    }
}
