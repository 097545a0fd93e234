package dev.vibe.runner.protocol;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;

/**
 * Jackson's parsers for what strangers write. By default a factory keeps each name of a field it has met, thousands of them and of up
 * to 50,000 characters, for as long as it lives: a few commands of a server, or lines of an agent, used up the memory.
 */
public final class JsonReading {
    /** What is passed over may be as deep as this; each level costs a few dozen bytes while it is open. */
    private static final int MAX_DEPTH_ALONG = 100_000;

    /**
     * For reading along a text that is there already, keeping little of it: strings and numbers are passed over in pieces, or are no
     * longer than the text.
     */
    static final JsonFactory ALONG = factory(StreamReadConstraints.builder()
            .maxNestingDepth(MAX_DEPTH_ALONG)
            .maxStringLength(Integer.MAX_VALUE)
            .maxNumberLength(Integer.MAX_VALUE)
            .build());

    private JsonReading() {}

    /** A factory whose parsers forget what they have read. */
    public static JsonFactory factory(StreamReadConstraints bounds) {
        return JsonFactory.builder()
                .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
                .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
                .streamReadConstraints(bounds)
                .build();
    }
}
