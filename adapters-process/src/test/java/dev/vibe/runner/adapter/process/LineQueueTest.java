package dev.vibe.runner.adapter.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.vibe.runner.application.port.out.LineSink;
import dev.vibe.runner.application.port.out.MemoryRoom;
import dev.vibe.runner.domain.Channel;
import dev.vibe.runner.domain.OutputLine;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(60)
class LineQueueTest {
    private static final LineSink THROWING = _ -> {
        throw new IllegalStateException("of the sink");
    };

    private final LineQueue queue = new LineQueue();

    @Test
    void theLastLineIsBehindAllOthers() throws Exception {
        LineQueue closing = new LineQueue();
        closing.add(new OutputLine(Channel.STDOUT, "before"));
        closing.close(new OutputLine(Channel.STDERR, "last"));
        closing.put(Channel.STDOUT, List.of(new OutputLine(Channel.STDOUT, "behind")));
        closing.add(new OutputLine(Channel.STDOUT, "behind"));
        assertEquals(
                List.of("before", "last"),
                closing.takeAll().stream().map(OutputLine::text).toList());
        assertEquals(List.of(), closing.takeAll());
    }

    @Test
    void eachChannelKeepsItsOrder() throws Exception {
        Thread out = producer(Channel.STDOUT, 20_000);
        Thread err = producer(Channel.STDERR, 20_000);
        Thread closer = closeAfter(out, err);
        List<OutputLine> lines = new ArrayList<>();
        OutputLine line = queue.take();
        while (line != null) {
            lines.add(line);
            line = queue.take();
        }
        closer.join();
        assertOrdered(lines);
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
    void whereManyFloodEachHoldsLittleAndNoneStopsAnother() throws Exception {
        MemoryRoom room = new MemoryRoom(1);
        List<LineQueue> queues =
                Stream.generate(() -> new LineQueue(room)).limit(20).toList();
        List<Thread> floods = queues.stream()
                .map(flooded -> Thread.ofPlatform().start(() -> put(flooded, Channel.STDOUT, "x".repeat(1000), 1000)))
                .toList();
        for (LineQueue flooded : queues) {
            while (!flooded.full(Channel.STDOUT)) {
                Thread.onSpinWait();
            }
        }
        assertTrue(room.used() <= 20 * 18 * 1024, "held: " + room.used());

        List<Integer> carried = new ArrayList<>();
        for (int i = 0; i < queues.size(); i++) {
            AtomicInteger lines = new AtomicInteger();
            Thread closer = closeAfter(queues.get(i), floods.get(i));
            queues.get(i).carry(batch -> lines.addAndGet(batch.size()));
            closer.join();
            carried.add(lines.get());
        }
        assertEquals(Collections.nCopies(20, 1000), carried);
        assertEquals(0, room.used());
    }

    @Test
    void whatASinkDoesNotTakeIsLetGo() throws Exception {
        MemoryRoom room = new MemoryRoom(1_000_000);
        LineQueue held = new LineQueue(room);
        put(held, Channel.STDOUT, "a", 100);
        assertThrows(IllegalStateException.class, () -> held.carry(THROWING));
        assertEquals(0, room.used());
    }

    @Test
    void afterTheCloseWhatIsThereIsTakenAndNothingIsAdded() throws Exception {
        queue.put(Channel.STDOUT, List.of(new OutputLine(Channel.STDOUT, "a")));
        queue.close();
        queue.put(Channel.STDOUT, List.of(new OutputLine(Channel.STDOUT, "b")));
        assertEquals(new OutputLine(Channel.STDOUT, "a"), queue.take());
        assertNull(queue.take());
    }

    @Test
    void whoCarriesGetsAllInOrderAndNeverTwoAtOnce() throws Exception {
        Thread out = producer(Channel.STDOUT, 20_000);
        Thread err = producer(Channel.STDERR, 20_000);
        Thread closer = closeAfter(out, err);
        List<OutputLine> lines = new ArrayList<>();
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger together = new AtomicInteger();
        queue.carry(batch -> {
            together.addAndGet(inside.incrementAndGet() - 1);
            lines.addAll(batch);
            inside.decrementAndGet();
        });
        closer.join();
        assertEquals(0, together.get());
        assertOrdered(lines);
    }

    @Test
    void whoBringsALineCarriesItWhereTheReaderSleeps() throws Exception {
        AtomicReference<Thread> carrier = new AtomicReference<>();
        Thread reader = carrying(batch -> carrier.set(Thread.currentThread()));
        while (reader.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
        }
        queue.put(Channel.STDOUT, List.of(new OutputLine(Channel.STDOUT, "a")));
        assertEquals(Thread.currentThread(), carrier.get());
        queue.close();
        reader.join();
    }

    @Test
    void aSinkThatWaitsKeepsOneChannelWaitingAndHoldsLittleOfTheOther() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        List<OutputLine> lines = Collections.synchronizedList(new ArrayList<>());
        Thread reader = carrying(batch -> {
            go.await();
            lines.addAll(batch);
        });
        Thread out = producer(Channel.STDOUT, 20_000);
        Thread err = producer(Channel.STDERR, 20_000);
        while (!queue.full(Channel.STDOUT) || !queue.full(Channel.STDERR)) {
            Thread.onSpinWait();
        }
        assertEquals(List.of(), lines);
        go.countDown();
        closeAfter(out, err).join();
        reader.join();
        assertOrdered(lines);
    }

    /** An error too, as a bug or the want of memory throws it: the pump would end, and the reader wait for ever. */
    @ParameterizedTest
    @MethodSource
    void whatASinkThrowsOnAPumpsThreadIsThrownToTheReader(LineSink sink) throws Exception {
        CompletableFuture<Throwable> thrown = new CompletableFuture<>();
        Thread reader = carrying(sink, thrown);
        while (reader.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
        }
        queue.put(Channel.STDOUT, List.of(new OutputLine(Channel.STDOUT, "a")));
        assertEquals("of the sink", thrown.get().getMessage());
        reader.join();
    }

    static Stream<LineSink> whatASinkThrowsOnAPumpsThreadIsThrownToTheReader() {
        return Stream.of(THROWING, _ -> {
            throw new AssertionError("of the sink");
        });
    }

    @Test
    void onceASinkHasThrownNoPumpWaitsForRoomAnyMore() throws Exception {
        CompletableFuture<Throwable> thrown = new CompletableFuture<>();
        Thread reader = carrying(THROWING, thrown);
        Thread flood = producer(Channel.STDOUT, 1_000_000);
        assertEquals("of the sink", thrown.get().getMessage());
        flood.join();
        reader.join();
    }

    private Thread carrying(LineSink sink, CompletableFuture<Throwable> thrown) {
        return Thread.ofPlatform().start(() -> {
            try {
                queue.carry(sink);
            } catch (InterruptedException | RuntimeException | Error failed) {
                thrown.complete(failed);
            }
        });
    }

    @Test
    void whatWasSaidBeforeIsCarriedFirst() throws Exception {
        queue.add(new OutputLine(Channel.STDERR, "before"));
        queue.put(Channel.STDOUT, List.of(new OutputLine(Channel.STDOUT, "first")));
        queue.close();
        List<String> lines = new ArrayList<>();
        queue.carry(batch -> batch.forEach(line -> lines.add(line.text())));
        assertEquals(List.of("before", "first"), lines);
    }

    private Thread carrying(LineSink sink) {
        return Thread.ofPlatform().start(() -> {
            try {
                queue.carry(sink);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    private Thread closeAfter(Thread... producers) {
        return closeAfter(queue, producers);
    }

    private static Thread closeAfter(LineQueue queue, Thread... producers) {
        return Thread.ofPlatform().start(() -> {
            try {
                for (Thread each : producers) {
                    each.join();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            queue.close();
        });
    }

    private static void assertOrdered(List<OutputLine> lines) {
        for (Channel channel : Channel.values()) {
            List<String> texts = lines.stream()
                    .filter(one -> one.channel() == channel)
                    .map(OutputLine::text)
                    .toList();
            assertEquals(IntStream.range(0, 20_000).mapToObj(Integer::toString).toList(), texts);
        }
    }

    private Thread producer(Channel channel, int count) {
        return Thread.ofPlatform().start(() -> {
            for (int i = 0; i < count; i++) {
                put(channel, Integer.toString(i), 1);
            }
        });
    }

    private void put(Channel channel, String text, int times) {
        put(queue, channel, text, times);
    }

    private static void put(LineQueue queue, Channel channel, String text, int times) {
        try {
            for (int i = 0; i < times; i++) {
                queue.put(channel, List.of(new OutputLine(channel, text)));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
