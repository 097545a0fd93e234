package dev.vibe.runner.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.vibe.runner.application.port.out.NotConnectedException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class FlowTest {
    private final List<String> wire = new ArrayList<>();
    private final Flow flow =
            new Flow(frame -> wire.add(new String(frame, StandardCharsets.UTF_8)), n -> "probe" + n, () -> 0L);

    @Test
    void aBarrierIsOneProbeBehindWhatWasSent() throws Exception {
        send("a");
        CompletableFuture<Void> barrier = flow.barrier().toCompletableFuture();
        send("b");
        assertEquals(List.of("a", "probe0", "b"), wire);
        assertFalse(barrier.isDone());
        flow.answered();
        assertTrue(barrier.isDone());
    }

    @Test
    void barriersThatComeMeanwhileShareTheNextProbe() {
        CompletionStage<Void> first = flow.barrier();
        List<CompletableFuture<Void>> others = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            others.add(flow.barrier().toCompletableFuture());
        }
        assertEquals(List.of("probe0"), wire);
        flow.answered();
        assertTrue(first.toCompletableFuture().isDone());
        assertFalse(others.getFirst().isDone());
        assertEquals(List.of("probe0", "probe1"), wire);
        flow.answered();
        assertTrue(others.stream().allMatch(CompletableFuture::isDone));
        assertEquals(List.of("probe0", "probe1"), wire);
    }

    @Test
    void anAnswerNobodyAskedForConfirmsNothing() {
        flow.answered();
        CompletableFuture<Void> barrier = flow.barrier().toCompletableFuture();
        assertFalse(barrier.isDone());
    }

    @Test
    void aFullWindowIsProbedByItselfAndOpensWithTheAnswer() throws Exception {
        String frame = "x".repeat(100_000);
        growWindow();
        int fits = (int) (Window.LARGEST / frame.length()) + 1;
        for (int i = 0; i < fits; i++) {
            send(frame);
        }
        assertEquals(1, wire.stream().filter(sent -> sent.startsWith("probe")).count());
        assertTrue(flow.owed() > 0, "the sender waits for it as a barrier would");
        CompletableFuture<Void> waiting = CompletableFuture.runAsync(() -> {
            try {
                send("more");
            } catch (NotConnectedException | InterruptedException failure) {
                throw new IllegalStateException(failure);
            }
        });
        assertThrows(java.util.concurrent.TimeoutException.class, () -> waiting.get(100, TimeUnit.MILLISECONDS));
        flow.answered();
        waiting.get(10, TimeUnit.SECONDS);
        assertEquals("more", wire.getLast());
    }

    @Test
    @Timeout(10)
    void whatTheAdapterSaysByItselfFillsNoWindow() throws Exception {
        for (int i = 0; i < 100_000; i++) {
            flow.sendNow("{\"ack\":" + i + "}");
        }
        assertTrue(flow.hasRoom());
        send("an event");
        assertEquals("an event", wire.getLast());
        CompletionStage<Void> barrier = flow.barrier();
        flow.answered();
        assertTrue(barrier.toCompletableFuture().isDone());
        assertEquals(0, flow.unconfirmed());
    }

    /** To its largest. */
    private void growWindow() throws Exception {
        for (int size = (int) Window.FIRST; size <= Window.LARGEST; size *= 2) {
            send("x".repeat(size));
            while (flow.owed() != 0) {
                flow.answered();
            }
        }
        wire.clear();
    }

    @Test
    void anEndFailsWhatWaitsAndWhatComes() {
        CompletableFuture<Void> first = flow.barrier().toCompletableFuture();
        CompletableFuture<Void> second = flow.barrier().toCompletableFuture();
        flow.end("over");
        flow.failBarriers("over");
        assertTrue(first.isCompletedExceptionally() && second.isCompletedExceptionally());
        assertThrows(NotConnectedException.class, () -> send("a"));
        assertTrue(flow.barrier().toCompletableFuture().isCompletedExceptionally());
    }

    @Test
    void whatIsSentBehindALonelyProbeIsNoSignOfLife() throws Exception {
        var _ = flow.barrier();
        long before = flow.nearer(0);
        send("x".repeat(1_000));
        assertEquals(before, flow.nearer(0));
    }

    @Test
    void behindMuchThatASlowServerHasToReadAllThatMovesIsASignOfLife() throws Exception {
        growWindow();
        send("x".repeat(200_000));
        var _ = flow.barrier();
        send("y".repeat(50_000));
        assertTrue(flow.nearer(50_000) < flow.nearer(10_000));
    }

    @Test
    void whatIsUnansweredIsAskedAnew() {
        CompletableFuture<Void> barrier = flow.barrier().toCompletableFuture();
        flow.askAnew();
        assertEquals(List.of("probe0", "probe1"), wire);
        assertEquals(2, flow.owed());
        flow.answered();
        assertTrue(barrier.isDone());
        flow.askAnew();
        assertEquals(2, wire.size());
    }

    private void send(String frame) throws NotConnectedException, InterruptedException {
        flow.send(frame.getBytes(StandardCharsets.UTF_8));
    }
}
