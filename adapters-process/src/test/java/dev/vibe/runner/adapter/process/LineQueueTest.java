package dev.vibe.runner.adapter.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.vibe.runner.domain.Channel;
import dev.vibe.runner.domain.OutputLine;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LineQueueTest {
    private final LineQueue queue = new LineQueue();

    @Test
    void eachChannelKeepsItsOrder() throws Exception {
        Thread out = producer(Channel.STDOUT, 20_000);
        Thread err = producer(Channel.STDERR, 20_000);
        Thread closer = Thread.ofPlatform().start(() -> {
            try {
                out.join();
                err.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            queue.close();
        });
        List<OutputLine> lines = new ArrayList<>();
        OutputLine line = queue.take();
        while (line != null) {
            lines.add(line);
            line = queue.take();
        }
        closer.join();
        for (Channel channel : Channel.values()) {
            List<String> texts = lines.stream()
                    .filter(one -> one.channel() == channel)
                    .map(OutputLine::text)
                    .toList();
            assertEquals(IntStream.range(0, 20_000).mapToObj(Integer::toString).toList(), texts);
        }
    }

    @Test
    void aFloodOnOneChannelWaitsAndLeavesTheOtherRoom() throws Exception {
        Thread flood = producer(Channel.STDOUT, 1_000_000);
        while (!queue.full(Channel.STDOUT)) {
            Thread.onSpinWait();
        }
        queue.put(Channel.STDERR, List.of(new OutputLine(Channel.STDERR, "heard")));
        int before = 0;
        OutputLine line = queue.take();
        while (line != null && line.channel() == Channel.STDOUT) {
            before++;
            line = queue.take();
        }
        assertTrue(before < 10_000, "bounded: " + before);
        queue.close();
        flood.join();
    }

    @Test
    void fewHugeLinesFillItToo() throws Exception {
        String huge = "x".repeat(1024 * 1024);
        Thread flood = Thread.ofPlatform().start(() -> put(Channel.STDOUT, huge, 1000));
        while (!queue.full(Channel.STDOUT)) {
            Thread.onSpinWait();
        }
        queue.close();
        flood.join();
        int lines = 0;
        while (queue.take() != null) {
            lines++;
        }
        assertTrue(lines <= 3, "held " + lines);
    }

    @Test
    void afterTheCloseWhatIsThereIsTakenAndNothingIsAdded() throws Exception {
        queue.put(Channel.STDOUT, List.of(new OutputLine(Channel.STDOUT, "a")));
        queue.close();
        queue.put(Channel.STDOUT, List.of(new OutputLine(Channel.STDOUT, "b")));
        assertEquals(new OutputLine(Channel.STDOUT, "a"), queue.take());
        assertNull(queue.take());
    }

    private Thread producer(Channel channel, int count) {
        return Thread.ofPlatform().start(() -> {
            for (int i = 0; i < count; i++) {
                put(channel, Integer.toString(i), 1);
            }
        });
    }

    private void put(Channel channel, String text, int times) {
        try {
            for (int i = 0; i < times; i++) {
                queue.put(channel, List.of(new OutputLine(channel, text)));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
