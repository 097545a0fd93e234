package dev.vibe.runner.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Examples, and the judgement of a general parser on many thousand lines that are nearly JSON. */
class JsonSyntaxTest {
    private static final JsonFactory GENERAL = new JsonFactoryBuilder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(Integer.MAX_VALUE)
                    .build())
            .build();

    private static final String ALPHABET = "{}[]\",:\\ \t\n\r0019-+.eEtruefalsn/bu\u0000\u001f\u007f\u00e9\u20ac";

    private static final String SAMPLE =
            "{\"type\": \"assistant\", \"n\": [-0, 1.5e+10, 12E-2, true, false, null, {}, [], \"\", {\"a\": [[1]]}],"
                    + "\"text\":\"a\\u00e9\\uD83D \\\"\\\\\\/\\b\\f\\n\\r\\t grüße \uD83D\uDE80 0123456789 0123456789 end\"}";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "[]",
                "0",
                "-0",
                "-1.5e-3",
                "1E+2",
                "true",
                " null ",
                "\"\"",
                "\"\\u0000\"",
                "\t[1 , 2]\r\n",
                "{\"\":0}",
                "[[[]],{},[{}]]",
                "{\"a\":{\"b\":[]},\"a\":1}",
                "\"\u007f\u2028\"",
                "\"\\ud800\""
            })
    void isJson(String text) {
        assertTrue(judged(text), text);
        assertTrue(byGeneralParser(bytes(text)), text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "{",
                "}",
                "[",
                "]",
                "[1",
                "[1,",
                "[1,]",
                "[,1]",
                "[1 2]",
                "{\"a\"}",
                "{\"a\":}",
                "{\"a\":1,}",
                "{,}",
                "{a:1}",
                "{\"a\" 1}",
                "{1:1}",
                "{\"a\":1 \"b\":2}",
                "[}",
                "{]",
                "[1}",
                "{\"a\":1]",
                "\"",
                "\"a",
                "\"\\\"",
                "\"\\x\"",
                "\"\\u12\"",
                "\"\\u12g4\"",
                "\"\\",
                "\"\\u",
                "\"\t\"",
                "\"\n\"",
                "01",
                "-",
                "+1",
                "1.",
                ".5",
                "1e",
                "1e+",
                "0x1",
                "1a",
                "--1",
                "tru",
                "truee",
                "nul",
                "NaN",
                "Infinity",
                "'a'",
                "{} {}",
                "{}x",
                "1 1",
                "[] ,",
                "/* */ 1",
                "\u00a01",
                "\ufeff1",
                "1\u0000"
            })
    void isNoJson(String text) {
        assertFalse(judged(text), text);
        assertFalse(byGeneralParser(bytes(text)), text);
    }

    @Test
    void theGeneralParserAgreesOnWhatIsNearlyJson() {
        Random random = new Random(1);
        byte[] sample = bytes(SAMPLE);
        int json = 0;
        for (int i = 0; i < 200_000; i++) {
            byte[] line = sample.clone();
            for (int changes = random.nextInt(3); changes > 0; changes--) {
                line = changed(line, random);
            }
            boolean expected = byGeneralParser(line);
            assertEquals(expected, JsonSyntax.isValue(line), () -> "seed 1: judged otherwise");
            json += expected ? 1 : 0;
        }
        assertTrue(json > 20_000 && json < 180_000, json + " of them were JSON");
    }

    @Test
    void theGeneralParserAgreesOnNoise() {
        Random random = new Random(2);
        for (int i = 0; i < 300_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int length = 1 + random.nextInt(8); length > 0; length--) {
                text.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
            }
            assertEquals(byGeneralParser(bytes(text.toString())), judged(text.toString()), () -> "of \"" + text + "\"");
        }
    }

    @Test
    void whatReceiversCouldNotTakeIsNoValue() {
        int half = JsonSyntax.MAX_DEPTH / 2;
        String open = "[{\"a\":".repeat(half);
        assertTrue(judged(open + "1" + "}]".repeat(half)));
        assertFalse(judged(open + "1" + "}]".repeat(half - 1)));
        assertFalse(judged(open + "1" + "]}".repeat(half)));
        assertFalse(judged(open));
        assertFalse(judged("[" + open + "1" + "}]".repeat(half) + "]"));
        assertFalse(judged("[".repeat(300_000) + "]".repeat(300_000)));
    }

    @Test
    void eachControlCharacterIsFoundWhereverItIs() {
        for (int length = 1; length < 40; length++) {
            for (int at = 0; at < length; at++) {
                for (char c = 0; c < 0x100; c++) {
                    char[] text = "x".repeat(length).toCharArray();
                    text[at] = c;
                    boolean plain = c >= ' ' && c != '"' && c != '\\';
                    assertEquals(plain, judged('"' + new String(text) + '"'), () -> "a string with " + (int) text[0]);
                }
            }
        }
    }

    private static byte[] changed(byte[] line, Random random) {
        int at = random.nextInt(line.length);
        byte other = (byte) ALPHABET.charAt(random.nextInt(ALPHABET.length() - 3));
        byte[] changed;
        switch (random.nextInt(3)) {
            case 0 -> {
                changed = line.clone();
                changed[at] = other;
            }
            case 1 -> {
                changed = new byte[line.length - 1];
                System.arraycopy(line, 0, changed, 0, at);
                System.arraycopy(line, at + 1, changed, at, changed.length - at);
            }
            default -> {
                changed = new byte[line.length + 1];
                System.arraycopy(line, 0, changed, 0, at);
                changed[at] = other;
                System.arraycopy(line, at, changed, at + 1, line.length - at);
            }
        }
        // What is no UTF-8 any more is none of our business: lines are made valid where they are read.
        return new String(changed, StandardCharsets.UTF_8).getBytes(StandardCharsets.UTF_8);
    }

    private static boolean judged(String text) {
        return JsonSyntax.isValue(bytes(text));
    }

    private static boolean byGeneralParser(byte[] utf8) {
        for (int i = 0; i < Math.min(utf8.length, Integer.BYTES); i++) {
            if (utf8[i] == 0) { // it would take it for UTF-16 or UTF-32
                return false;
            }
        }
        if (utf8.length > 0 && utf8[0] == (byte) 0xEF) { // it would skip a byte order mark
            return false;
        }
        try (JsonParser parser = GENERAL.createParser(utf8)) {
            if (parser.nextToken() == null) {
                return false;
            }
            parser.skipChildren();
            return parser.nextToken() == null;
        } catch (IOException notJson) {
            return false;
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
