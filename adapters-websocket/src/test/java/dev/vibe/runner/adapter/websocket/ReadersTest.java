package dev.vibe.runner.adapter.websocket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class ReadersTest {
    private static final Duration LONGER_THAN_IDLE = Duration.ofSeconds(2);

    private final AtomicInteger threads = new AtomicInteger();
    private final Readers readers = new Readers(this::onlyOne);

    @AfterEach
    void end() {
        readers.shutdown();
    }

    @Test
    void aThreadStaysForWhatComesLater() throws Exception {
        Thread first = thread().get(10, TimeUnit.SECONDS);
        assertFalse(first.join(LONGER_THAN_IDLE));
        assertEquals(first, thread().get(10, TimeUnit.SECONDS));
    }

    @Test
    void whereNoThreadCanBeStartedTheOneThatIsThereDoesWhatWaits() throws Exception {
        CountDownLatch done = new CountDownLatch(1);
        CompletableFuture<Thread> busy = new CompletableFuture<>();
        readers.execute(() -> {
            busy.complete(Thread.currentThread());
            boolean _ = awaited(done);
        });
        Thread only = busy.get(10, TimeUnit.SECONDS);
        CompletableFuture<Thread> second = thread();
        CompletableFuture<Thread> third = thread();
        assertFalse(second.isDone());
        done.countDown();
        assertEquals(only, second.get(10, TimeUnit.SECONDS));
        assertEquals(only, third.get(10, TimeUnit.SECONDS));
    }

    private CompletableFuture<Thread> thread() {
        CompletableFuture<Thread> on = new CompletableFuture<>();
        readers.execute(() -> on.complete(Thread.currentThread()));
        return on;
    }

    private static boolean awaited(CountDownLatch latch) {
        try {
            return latch.await(10, TimeUnit.SECONDS);
        } catch (InterruptedException _) {
            return false;
        }
    }

    private Thread onlyOne(Runnable task) {
        if (threads.incrementAndGet() > 1) {
            throw new OutOfMemoryError("unable to create native thread");
        }
        Thread thread = new Thread(task);
        thread.setDaemon(true);
        return thread;
    }
}
