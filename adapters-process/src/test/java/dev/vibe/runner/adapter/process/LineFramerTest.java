package dev.vibe.runner.adapter.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.vibe.runner.domain.Channel;
import dev.vibe.runner.domain.OutputLine;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LineFramerTest {
    private static final int LIMIT = 2048;

    private final LineBudget budget = new LineBudget(1_000_000, Duration.ZERO);

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 5, 8, 13, 21, 34, 55, 89})
    void anyChunkingGivesTheLinesOfTheWhole(long seed) {
        Random random = new Random(seed);
        for (int round = 0; round < 200; round++) {
            byte[] stream = stream(random);
            List<String> expected = reference(stream);
            List<String> framed = frame(stream, random);
            assertEquals(expected.size(), framed.size(), () -> "seed " + seed);
            for (int i = 0; i < expected.size(); i++) {
                String line = expected.get(i);
                int bytes = line.getBytes(StandardCharsets.UTF_8).length;
                if (bytes <= LIMIT) {
                    assertEquals(line, framed.get(i), () -> "seed " + seed);
                } else {
                    assertTrue(framed.get(i).contains("\"truncated\""), framed.get(i));
                    assertTrue(framed.get(i).getBytes(StandardCharsets.UTF_8).length <= LIMIT);
                }
            }
        }
    }

    @Test
    void oddLinesStayWhatTheyAre() {
        assertEquals(List.of("", "a", "", "b"), frame("\na\r\n\r\nb"));
        assertEquals(List.of("a\rb", "\r"), frame("a\rb\n\r\r\n"));
        assertEquals(List.of("nul\0inside"), frame("nul\0inside\n"));
        assertEquals(List.of("{\"a\":1}{\"b\":2} [3]"), frame("{\"a\":1}{\"b\":2} [3]\n"));
        assertEquals(List.of(), frame(""));
        assertEquals(List.of("\uFFFD(", "ok"), frame(new byte[] {(byte) 0xC3, '(', '\n', 'o', 'k'}, new Random(1)));
    }

    @Test
    void theLimitIsTheLongestLineThatPasses() {
        String longest = "x".repeat(LIMIT);
        assertEquals(List.of(longest, longest), frame(longest + "\r\n" + longest + "\n"));
        assertTrue(frame(longest + "y\n").getFirst().contains("\"truncated\""));
    }

    @Test
    void bytesThatGrowWhenReplacedAreMeasuredAfterwards() {
        byte[] invalid = new byte[LIMIT - 10];
        Arrays.fill(invalid, (byte) 0xFF);
        String line = frame(invalid, new Random(4)).getFirst();
        assertTrue(line.contains("\"truncated\""));
        assertTrue(line.getBytes(StandardCharsets.UTF_8).length <= LIMIT);
    }

    @Test
    void anEndlessLineNeedsNoMoreMemoryThanTheLimit() throws Exception {
        List<OutputLine> lines = new ArrayList<>();
        LineFramer framer = new LineFramer(Channel.STDOUT, () -> 100_000, lines::add, budget);
        byte[] chunk = "x".repeat(64 * 1024).getBytes(StandardCharsets.UTF_8);
        long chunks = 40_000;
        // 2.6 GB: held in memory it would end this test's JVM.
        for (long i = 0; i < chunks; i++) {
            feed(framer, chunk);
        }
        framer.finish();
        JsonNode marker = Json.read(lines.getFirst().text());
        assertEquals(
                chunks * chunk.length, marker.path("truncated").path("bytes").asLong());
        assertEquals(1, lines.size());
    }

    @Test
    void theLimitMayChangeWhileReading() {
        int[] limit = {5000};
        List<OutputLine> lines = new ArrayList<>();
        LineFramer framer = new LineFramer(Channel.STDOUT, () -> limit[0], lines::add, budget);
        byte[] line = ("y".repeat(3000) + "\n").getBytes(StandardCharsets.UTF_8);
        feed(framer, line);
        limit[0] = 2000;
        feed(framer, line);
        assertEquals(3000, lines.get(0).text().length());
        assertTrue(lines.get(1).text().contains("\"limitBytes\":2000"));
    }

    @Test
    void theUnfinishedLinesOfAllStreamsHaveOneBudget() throws Exception {
        byte[] part = "x".repeat(400_000).getBytes(StandardCharsets.UTF_8);
        List<OutputLine> lines = new ArrayList<>();
        List<LineFramer> framers = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            framers.add(new LineFramer(Channel.STDOUT, () -> 1_000_000, lines::add, budget));
            feed(framers.getLast(), part);
        }
        assertTrue(budget.left() >= 0);
        framers.forEach(LineFramer::finish);
        assertEquals(20, lines.size());
        assertEquals(
                2,
                lines.stream()
                        .filter(line -> line.text().length() == part.length)
                        .count());
        JsonNode marker = Json.read(lines.getLast().text());
        assertEquals(part.length, marker.path("truncated").path("bytes").asInt());
        assertTrue(marker.path("content").asText().contains("too long for its memory"));
        assertEquals(1_000_000, budget.left(), "all is given back");
    }

    @Test
    @Timeout(20)
    void whoNeedsMoreThanIsLeftWaitsUntilAnotherHasDone() throws Exception {
        LineBudget patient = new LineBudget(500_000, Duration.ofSeconds(15));
        byte[] part = "x".repeat(400_000).getBytes(StandardCharsets.UTF_8);
        List<OutputLine> lines = new ArrayList<>();
        LineFramer first = new LineFramer(Channel.STDOUT, () -> 1_000_000, lines::add, patient);
        feed(first, part);
        List<OutputLine> more = new ArrayList<>();
        Thread second = Thread.ofPlatform().start(() -> {
            LineFramer framer = new LineFramer(Channel.STDOUT, () -> 1_000_000, more::add, patient);
            feed(framer, part);
            framer.finish();
        });
        while (second.getState() != Thread.State.TIMED_WAITING) {
            Thread.onSpinWait();
        }
        first.finish();
        second.join();
        assertEquals(part.length, more.getFirst().text().length());
    }

    private List<String> frame(String text) {
        return frame(text.getBytes(StandardCharsets.UTF_8), new Random(7));
    }

    private List<String> frame(byte[] stream, Random random) {
        List<String> lines = new ArrayList<>();
        LineFramer framer = new LineFramer(Channel.STDOUT, () -> LIMIT, line -> lines.add(line.text()), budget);
        int at = 0;
        while (at < stream.length) {
            int size = Math.min(stream.length - at, random.nextInt(10) == 0 ? 5000 : 1 + random.nextInt(40));
            feed(framer, Arrays.copyOfRange(stream, at, at + size));
            at += size;
        }
        framer.finish();
        return lines;
    }

    /** What a line is, said in the plainest way. */
    private static List<String> reference(byte[] stream) {
        List<String> lines = new ArrayList<>();
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int i = 0; i <= stream.length; i++) {
            boolean end = i == stream.length;
            if (end ? line.size() > 0 : stream[i] == '\n') {
                byte[] bytes = line.toByteArray();
                int length = bytes.length > 0 && bytes[bytes.length - 1] == '\r' ? bytes.length - 1 : bytes.length;
                lines.add(new String(bytes, 0, length, StandardCharsets.UTF_8));
                line.reset();
            } else if (!end) {
                line.write(stream[i]);
            }
        }
        return lines;
    }

    private static byte[] stream(Random random) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        int pieces = random.nextInt(12);
        for (int i = 0; i < pieces; i++) {
            String piece = switch (random.nextInt(9)) {
                case 0 -> "\n";
                case 1 -> "\r\n";
                case 2 -> "{\"type\":\"x\",\"n\":" + random.nextInt() + "}\n";
                case 3 -> "grüß 你好 \uD83D\uDE80";
                case 4 -> "\0";
                case 5 -> "long ".repeat(random.nextInt(900));
                case 6 -> "ü".repeat(random.nextInt(1500)) + "\n";
                case 7 -> "\r";
                default -> "plain";
            };
            out.writeBytes(piece.getBytes(StandardCharsets.UTF_8));
            if (random.nextInt(4) == 0) {
                byte[] noise = new byte[random.nextInt(20)];
                random.nextBytes(noise);
                out.writeBytes(noise);
            }
        }
        return out.toByteArray();
    }

    @Test
    void manyShortLinesComeInPortions() {
        List<OutputLine> lines = new ArrayList<>();
        LineFramer framer = new LineFramer(Channel.STDOUT, () -> LIMIT, lines::add, budget);
        byte[] empty = "\n".repeat(1500).getBytes(StandardCharsets.UTF_8);
        List<Integer> portions = new ArrayList<>();
        for (int at = 0; at < empty.length; ) {
            at = framer.accept(empty, at, empty.length);
            portions.add(lines.size());
            lines.clear();
        }
        assertEquals(List.of(512, 512, 476), portions);
    }

    private static void feed(LineFramer framer, byte[] bytes) {
        for (int at = 0; at < bytes.length; ) {
            at = framer.accept(bytes, at, bytes.length);
        }
    }
}
