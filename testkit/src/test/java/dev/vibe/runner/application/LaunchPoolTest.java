package dev.vibe.runner.application;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class LaunchPoolTest {
    private static final int MOST = 100;
    private static final LaunchPool.Limit NO_LIMIT = _ -> false;
    private static final Duration NEVER = Duration.ofHours(1);
    private static final Duration SOON = Duration.ofMillis(20);

    @Test
    void whatIsLaunchedIsGivenBack() throws Exception {
        assertEquals("agent", new LaunchPool().launch(() -> "agent", NO_LIMIT));
    }

    @Test
    void whatGoesWrongIsThrown() {
        IllegalStateException failure = new IllegalStateException("no such agent");
        ExecutionException thrown =
                assertThrows(ExecutionException.class, () -> new LaunchPool().launch(() -> fail(failure), NO_LIMIT));
        assertSame(failure, thrown.getCause());
    }

    @Test
    void aFewAreLaunchedAtOnceAndAllInTheEnd() throws Exception {
        LaunchPool pool = pool(2, NEVER);
        CyclicBarrier inPairs = new CyclicBarrier(2);
        AtomicInteger now = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        List<CompletableFuture<Integer>> launched = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            int number = i;
            launched.add(launch(pool, () -> {
                most.accumulateAndGet(now.incrementAndGet(), Math::max);
                int ignored = inPairs.await();
                now.decrementAndGet();
                return number;
            }));
        }
        for (int i = 0; i < 50; i++) {
            assertEquals(i, launched.get(i).join());
        }
        assertEquals(2, most.get(), "at once");
    }

    @Test
    void whatHangsHoldsNobodyUp() throws Exception {
        LaunchPool pool = pool(1, SOON);
        CountDownLatch hangs = new CountDownLatch(1);
        CountDownLatch mount = new CountDownLatch(1);
        List<CompletableFuture<String>> hanging = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            hanging.add(launch(pool, () -> {
                hangs.countDown();
                mount.await();
                return "late";
            }));
        }
        hangs.await();
        assertEquals("there", launch(pool, () -> "there").join());
        mount.countDown();
        hanging.forEach(each -> assertEquals("late", each.join()));
    }

    @Test
    void whatHangsForTooLongIsGivenUp() throws Exception {
        LaunchPool pool = pool(1, SOON);
        CountDownLatch mount = new CountDownLatch(1);
        assertThrows(
                TimeoutException.class,
                () -> pool.launch(
                        () -> {
                            mount.await();
                            return "late";
                        },
                        waited -> waited.compareTo(SOON) >= 0));
        assertEquals("there", pool.launch(() -> "there", NO_LIMIT));
        mount.countDown();
    }

    /** No more threads are added then, and to look for that is no movement. */
    @Test
    void whereAllThreadsHangWhoWaitsGivesUpToo() throws Exception {
        LaunchPool pool = pool(1, 2, SOON);
        CountDownLatch hanging = new CountDownLatch(2);
        CountDownLatch mount = new CountDownLatch(1);
        List<CompletableFuture<String>> before = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            before.add(launch(pool, () -> {
                hanging.countDown();
                mount.await();
                return "late";
            }));
        }
        hanging.await();
        Duration enough = SOON.multipliedBy(10);
        assertThrows(TimeoutException.class, () -> pool.launch(() -> "never", waited -> waited.compareTo(enough) >= 0));
        mount.countDown();
        before.forEach(each -> assertEquals("late", each.join()));
    }

    @Test
    void whatWasGivenUpBeforeItsTurnIsNeverDone() throws Exception {
        LaunchPool pool = pool(1, SOON);
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch first = new CountDownLatch(1);
        CompletableFuture<String> before = launch(pool, () -> {
            begun.countDown();
            first.await();
            return "before";
        });
        begun.await();
        AtomicBoolean launched = new AtomicBoolean();
        assertThrows(TimeoutException.class, () -> pool.launch(() -> launched.getAndSet(true), _ -> true));
        first.countDown();
        assertEquals("before", before.join());
        assertEquals("after", pool.launch(() -> "after", NO_LIMIT));
        assertEquals(false, launched.get());
    }

    @Test
    void whereThereIsNoThreadTheCallerIsTold() {
        LaunchPool pool = new LaunchPool(2, MOST, NEVER, work -> refused());
        assertThrows(OutOfMemoryError.class, () -> pool.launch(() -> "agent", NO_LIMIT));
    }

    @Test
    void oneThreadIsEnough() throws Exception {
        AtomicBoolean more = new AtomicBoolean(true);
        LaunchPool pool = new LaunchPool(
                2,
                MOST,
                NEVER,
                work -> more.getAndSet(false) ? Thread.ofPlatform().unstarted(work) : refused());
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch first = new CountDownLatch(1);
        CompletableFuture<String> slow = launch(pool, () -> {
            begun.countDown();
            first.await();
            return "first";
        });
        begun.await();
        CompletableFuture<String> next = launch(pool, () -> "second");
        first.countDown();
        assertEquals("first", slow.join());
        assertEquals("second", next.join());
    }

    @Test
    void nothingIsLaunchedForOneWhoWasInterrupted() throws Exception {
        LaunchPool pool = pool(1, NEVER);
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch first = new CountDownLatch(1);
        CompletableFuture<String> before = launch(pool, () -> {
            begun.countDown();
            first.await();
            return "before";
        });
        begun.await();
        AtomicBoolean launched = new AtomicBoolean();
        CompletableFuture<Boolean> interrupted = new CompletableFuture<Boolean>().orTimeout(30, TimeUnit.SECONDS);
        Thread session = Thread.ofVirtual().start(() -> {
            try {
                pool.launch(() -> launched.getAndSet(true), NO_LIMIT);
                interrupted.complete(false);
            } catch (InterruptedException expected) {
                interrupted.complete(true);
            } catch (ExecutionException | TimeoutException unexpected) {
                interrupted.completeExceptionally(unexpected);
            }
        });
        session.interrupt();
        assertTrue(interrupted.join());
        first.countDown();
        assertEquals("before", before.join());
        assertEquals("after", pool.launch(() -> "after", NO_LIMIT)); // the interrupted one's turn was before this one's
        assertEquals(false, launched.get());
    }

    private static LaunchPool pool(int atOnce, Duration patience) {
        return pool(atOnce, MOST, patience);
    }

    private static LaunchPool pool(int atOnce, int most, Duration patience) {
        return new LaunchPool(
                atOnce,
                most,
                patience,
                Thread.ofPlatform().daemon().name("test-launch-", 0).factory());
    }

    /** Launches on a thread of its own, as a session does. */
    private static <T> CompletableFuture<T> launch(LaunchPool pool, Callable<T> work) {
        CompletableFuture<T> result = new CompletableFuture<T>().orTimeout(30, TimeUnit.SECONDS);
        var _ = Thread.ofVirtual().start(() -> {
            try {
                result.complete(pool.launch(work, NO_LIMIT));
            } catch (InterruptedException | ExecutionException | TimeoutException | RuntimeException | Error failure) {
                result.completeExceptionally(failure);
            }
        });
        return result;
    }

    private static String fail(RuntimeException failure) {
        throw failure;
    }

    /** As where the system's limit of processes is reached. */
    private static Thread refused() {
        throw new OutOfMemoryError("unable to create native thread (a test's)");
    }
}
