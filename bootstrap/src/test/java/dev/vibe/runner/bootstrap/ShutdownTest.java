package dev.vibe.runner.bootstrap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.vibe.runner.application.port.in.RunEndpoint;
import dev.vibe.runner.application.port.in.ShutdownReport;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ShutdownTest {
    private static final class SlowEndpoint implements RunEndpoint {
        final CountDownLatch entered = new CountDownLatch(1);
        final CountDownLatch release = new CountDownLatch(1);
        volatile boolean aborted;
        volatile @Nullable Error failure;

        @Override
        public void start() {}

        @Override
        public CompletionStage<String> rejected() {
            return new CompletableFuture<>();
        }

        @Override
        public ShutdownReport shutdown(Duration deadline) {
            entered.countDown();
            Error thrown = failure;
            if (thrown != null) {
                throw thrown;
            }
            try {
                assertTrue(release.await(30, TimeUnit.SECONDS));
            } catch (InterruptedException over) {
                Thread.currentThread().interrupt();
            }
            return new ShutdownReport(0, 0, 0, true, true);
        }

        @Override
        public void abort() {
            aborted = true;
        }
    }

    private final SlowEndpoint endpoint = new SlowEndpoint();
    private final AtomicInteger halted = new AtomicInteger(-1);
    private final AtomicLong clock = new AtomicLong(Long.MAX_VALUE);
    private final Shutdown shutdown = new Shutdown(endpoint, Duration.ofSeconds(15), halted::set, clock::get);

    /** As where no thread can be started any more: the process must end all the same. */
    @Test
    void aShutdownThatFailsEndsTheProcess() throws Exception {
        endpoint.failure = new OutOfMemoryError("unable to create native thread");
        shutdown.signal("SIGTERM", 15, false);
        assertEquals(ExitCode.INTERNAL, shutdown.done().get(10, TimeUnit.SECONDS));
    }

    @Test
    void theFirstSignalEndsGracefully() throws Exception {
        shutdown.signal("SIGTERM", 15, false);
        assertTrue(endpoint.entered.await(10, TimeUnit.SECONDS));
        assertFalse(shutdown.done().isDone());
        endpoint.release.countDown();
        assertEquals(ExitCode.OK, shutdown.done().get(10, TimeUnit.SECONDS));
        assertEquals(-1, halted.get());
    }

    @Test
    void aSecondSignalEndsAtOnce() throws Exception {
        shutdown.signal("SIGTERM", 15, false);
        assertTrue(endpoint.entered.await(10, TimeUnit.SECONDS));
        clock.addAndGet(Duration.ofMillis(300).toNanos());
        shutdown.signal("SIGINT", 2, false);
        assertEquals(130, halted.get());
        assertTrue(endpoint.aborted);
        endpoint.release.countDown();
    }

    @Test
    void theEchoOfASignalToTheWholeProcessGroupIsNotASecondOne() throws Exception {
        shutdown.signal("SIGTERM", 15, false);
        shutdown.signal("SIGTERM", 15, true);
        assertEquals(-1, halted.get());
        endpoint.release.countDown();
        assertEquals(ExitCode.OK, shutdown.done().get(10, TimeUnit.SECONDS));
    }

    /** npm forwards what the terminal has sent to its whole process group. */
    @Test
    void signalsThatComeTogetherAreOne() throws Exception {
        shutdown.signal("SIGINT", 2, false);
        shutdown.signal("SIGTERM", 15, true);
        clock.addAndGet(Duration.ofMillis(299).toNanos());
        shutdown.signal("SIGINT", 2, false);
        shutdown.signal("SIGTERM", 15, true);
        assertEquals(-1, halted.get());
        endpoint.release.countDown();
        assertEquals(ExitCode.OK, shutdown.done().get(10, TimeUnit.SECONDS));
    }

    @Test
    void aRejectedTokenEndsWithItsOwnCode() throws Exception {
        endpoint.release.countDown();
        shutdown.give(ExitCode.REJECTED, "refused");
        assertEquals(ExitCode.REJECTED, shutdown.done().get(10, TimeUnit.SECONDS));
    }
}
