package dev.vibe.runner.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Held to what Jackson's own mapper makes of the same texts. */
class JsonTreeTest {
    private static final JsonTree TREE = JsonTree.DEFAULT;

    private static final ObjectMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    private static final String SAMPLE =
            "{\"type\": \"assistant\", \"n\": [-0, 1.50e+10, 12E-2, 1.0, 9007199254740993, 123456789012345678901234567890, true,"
                    + " false, null, {}, [], \"\", {\"a\": [[1, {}], {\"a\": {\"b\": []}, \"a\": 2}]}], \"\": -2147483649,"
                    + "\"text\":\"\\u00e9\\uD83D \\\"\\\\\\/\\b\\f\\n\\r\\t grüße \uD83D\uDE80\"}";

    @Test
    void whatWouldTakeFarMoreMemoryThanItsTextIsRefused() throws Exception {
        assertEquals(20_000, TREE.read("[" + "{},".repeat(19_999) + "{}]").size());
        for (String many : new String[] {"{}", "0", "{\"a\":0}", "[[]]"}) {
            String text = "[" + (many + ",").repeat(60_000) + many + "]";
            assertThrows(JsonProcessingException.class, () -> TREE.read(text), many);
            assertThrows(JsonProcessingException.class, () -> TREE.readFirst(text), many);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                SAMPLE,
                "",
                "  ",
                "{}",
                "[]",
                " null ",
                "\"a\"",
                "-1.50",
                "1E400",
                "{\"a\":1,\"b\":2,\"a\":3}",
                "{} {}",
                "[1,2",
                "{\"a\"",
                "{\"a\":}",
                "[1,]",
                "nul",
                "NaN",
                "]",
                "{]",
                "{\"a\":1} x"
            })
    void readsAndWritesAsTheMapperDoes(String text) {
        assertEquals(byMapper(text), byTree(text));
    }

    @Test
    void judgesAndReadsWhatIsNearlyJsonAsTheMapperDoes() {
        Random random = new Random(7);
        int valid = 0;
        for (int i = 0; i < 50_000; i++) {
            StringBuilder text = new StringBuilder(SAMPLE);
            for (int changes = random.nextInt(3); changes > 0; changes--) {
                int from = random.nextInt(text.length());
                if (random.nextBoolean()) {
                    text.delete(from, Math.min(text.length(), from + 1 + random.nextInt(3)));
                } else {
                    text.insert(from, SAMPLE.charAt(random.nextInt(SAMPLE.length())));
                }
            }
            String changed = text.toString();
            assertEquals(byMapper(changed), byTree(changed), changed);
            valid += byTree(changed) == null ? 0 : 1;
        }
        assertTrue(valid > 5_000, () -> "too few were JSON to say anything");
    }

    @Test
    void theFirstValueIsReadWithoutALookAtTheRest() throws JsonProcessingException {
        assertEquals("{\"a\":1}", TREE.write(TREE.readFirst("{\"a\":1}] and more")));
        assertTrue(TREE.readFirst(" ").isMissingNode());
    }

    @Test
    void deepTextIsReadWithASmallStack() throws InterruptedException {
        String deep = "[".repeat(900) + "]".repeat(900);
        String[] depth = new String[1];
        Thread small = new Thread(
                null,
                () -> {
                    try {
                        depth[0] = TREE.read(deep).isArray() ? "read" : "something else";
                    } catch (JsonProcessingException | StackOverflowError failure) {
                        depth[0] = failure.toString();
                    }
                },
                "small",
                64 * 1024);
        small.start();
        small.join();
        assertEquals("read", depth[0]);
    }

    @Test
    void whatIsBeyondTheBoundsIsRefused() {
        JsonTree bounded = new JsonTree(StreamReadConstraints.builder()
                .maxNestingDepth(3)
                .maxStringLength(10)
                .maxNumberLength(5)
                .build());
        for (String beyond :
                new String[] {"[[[[]]]]", "\"" + "a".repeat(100_000) + "\"", "123456", "1.234567", "1e99999999999"}) {
            assertThrows(JsonProcessingException.class, () -> bounded.read(beyond), beyond);
        }
    }

    private static @Nullable String byTree(String text) {
        try {
            var node = TREE.read(text);
            return node.isMissingNode() ? "missing" : TREE.write(node);
        } catch (JsonProcessingException invalid) {
            return null;
        }
    }

    private static @Nullable String byMapper(String text) {
        try {
            var node = MAPPER.readTree(text);
            return node.isMissingNode() ? "missing" : MAPPER.writeValueAsString(node);
        } catch (JsonProcessingException | NumberFormatException invalid) {
            return null; // the second for an exponent of many digits
        }
    }
}
