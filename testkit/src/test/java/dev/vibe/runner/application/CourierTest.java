package dev.vibe.runner.application;

import static dev.vibe.runner.application.EndpointRig.SOON;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.vibe.runner.application.port.out.Link;
import dev.vibe.runner.domain.EndpointEvent;
import dev.vibe.runner.domain.SessionEvent;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class CourierTest {
    private final FairOutbox outbox = new FairOutbox(new MemorySpool(1_000_000), OutboxLimits.DEFAULT);
    private final Courier courier = new Courier(outbox);
    private final Recorded link = new Recorded();
    private final Thread thread = Thread.ofVirtual().unstarted(courier);

    @BeforeEach
    void begin() throws Exception {
        thread.start();
        courier.begin(link);
        link.answer(); // to what it asks before it sends
        outbox.append(Outputs.of("s1", 0));
        outbox.wake();
        assertEquals("0", link.next()); // by the courier's own thread, which is ready from now on
        assertEquals("flush", link.next());
        link.answer();
        assertTrue(outbox.awaitEmpty(SOON));
        long deadline = System.nanoTime() + SOON.toNanos();
        while (thread.getState() != Thread.State.TIMED_WAITING) { // else it may still hold the baton
            assertTrue(System.nanoTime() < deadline, "the courier does not come to rest");
            Thread.onSpinWait();
        }
    }

    @AfterEach
    void end() throws Exception {
        courier.close();
        assertTrue(thread.join(SOON));
    }

    /** As a session does: the courier's thread is not told first. */
    private void bring(int seq) {
        outbox.add(Outputs.of("s1", seq).sessionId(), List.of(Outputs.of("s1", seq)));
        courier.nudge();
    }

    /** A server would answer it before its handler sees the line. */
    @Test
    void aLineThatComesAloneLeavesAtOnceAndTheQuestionForItDoesNotLeaveWithIt() throws Exception {
        bring(1);
        assertEquals("1", link.calls.poll(), "carried by who brought it");
        assertEquals("flush", link.calls.poll());
        assertNull(link.askedBy(Thread.currentThread()));
        link.answer();
        assertTrue(outbox.awaitEmpty(SOON));
    }

    @Test
    void linesThatComeOneByOneShareAQuestion() throws Exception {
        for (int seq = 1; seq <= 50; seq++) {
            bring(seq);
        }
        link.answer();
        while (!outbox.awaitEmpty(Duration.ofMillis(100))) {
            link.answer();
        }
        assertTrue(link.questions < 25, () -> link.questions + " questions for 50 lines");
    }

    /** Takes everything at once; answers a barrier when told to. */
    private static final class Recorded implements Link {
        final BlockingQueue<String> calls = new LinkedBlockingQueue<>();
        private final BlockingQueue<CompletableFuture<Void>> barriers = new LinkedBlockingQueue<>();
        private final BlockingQueue<Thread> askers = new LinkedBlockingQueue<>();
        volatile int questions;

        String next() throws InterruptedException {
            return Objects.requireNonNull(calls.poll(SOON.toMillis(), TimeUnit.MILLISECONDS), "nothing was sent");
        }

        void answer() throws InterruptedException {
            Objects.requireNonNull(barriers.poll(SOON.toMillis(), TimeUnit.MILLISECONDS), "nothing was asked")
                    .complete(null);
        }

        @Nullable
        Thread askedBy(Thread one) {
            return askers.stream().filter(one::equals).findFirst().orElse(null);
        }

        @Override
        public void send(EndpointEvent event) {
            calls.add(String.valueOf(((SessionEvent.Output) event).seq()));
        }

        @Override
        public boolean offer(EndpointEvent event) {
            send(event);
            return true;
        }

        @Override
        public void flush() {
            calls.add("flush");
        }

        @Override
        public CompletionStage<Void> barrier() {
            CompletableFuture<Void> asked = new CompletableFuture<>();
            askers.add(Thread.currentThread());
            barriers.add(asked);
            questions = askers.size();
            return asked;
        }

        @Override
        public void drop(String reason) {}
    }
}
