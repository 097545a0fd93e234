package dev.vibe.runner.testkit;

import dev.vibe.runner.application.port.out.Link;
import dev.vibe.runner.application.port.out.NotConnectedException;
import dev.vibe.runner.domain.EndpointEvent;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One connection of a {@link FakeTransport}: a bounded queue that the fake server reads. */
final class FakeLink implements Link {

    private sealed interface Item {
        record Message(EndpointEvent event) implements Item {}

        record Barrier(CompletableFuture<Void> answer, ScheduledFuture<?> timeout) implements Item {}
    }

    private final LinkConditions conditions;
    private final Consumer<EndpointEvent> arrive;
    private final ScheduledThreadPoolExecutor callbacks;
    private final BiConsumer<FakeLink, String> dropped;
    private final ReentrantLock reader =
            new ReentrantLock(); // held by the one that moves items to the server, in order
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final ArrayDeque<Item> onTheWay = new ArrayDeque<>(); // guarded by lock
    private final List<Item.Barrier> unanswered = new ArrayList<>(); // guarded by lock; read while answers were held
    private @Nullable String endReason; // guarded by lock; null while the link stands

    FakeLink(
            LinkConditions conditions,
            Consumer<EndpointEvent> arrive,
            ScheduledThreadPoolExecutor callbacks,
            BiConsumer<FakeLink, String> dropped) {
        this.conditions = conditions;
        this.arrive = arrive;
        this.callbacks = callbacks;
        this.dropped = dropped;
    }

    @Override
    public void send(EndpointEvent event) throws NotConnectedException, InterruptedException {
        lock.lockInterruptibly();
        try {
            while (endReason == null && onTheWay.size() >= conditions.capacity()) {
                changed.await();
            }
            if (endReason != null) {
                throw new NotConnectedException(endReason);
            }
            onTheWay.add(new Item.Message(event));
        } finally {
            lock.unlock();
        }
        readable();
    }

    @Override
    public boolean offer(EndpointEvent event) throws NotConnectedException {
        lock.lock();
        try {
            if (endReason != null) {
                throw new NotConnectedException(endReason);
            }
            if (onTheWay.size() >= conditions.capacity()) {
                return false;
            }
            onTheWay.add(new Item.Message(event));
        } finally {
            lock.unlock();
        }
        return true; // it leaves with the flush
    }

    @Override
    public void flush() {
        readable();
    }

    @Override
    public CompletionStage<Void> barrier() {
        CompletableFuture<Void> answer = new CompletableFuture<>();
        lock.lock();
        try {
            if (endReason != null) {
                answer.completeExceptionally(new NotConnectedException(endReason));
                return answer;
            }
            ScheduledFuture<?> timeout = callbacks.schedule(
                    () -> drop("no answer within " + conditions.probeTimeout().toMillis() + " ms"),
                    conditions.probeTimeout().toMillis(),
                    TimeUnit.MILLISECONDS);
            onTheWay.add(new Item.Barrier(answer, timeout));
        } finally {
            lock.unlock();
        }
        readable();
        return answer.minimalCompletionStage();
    }

    @Override
    public void drop(String reason) {
        if (end(reason)) {
            dropped.accept(this, reason);
        }
    }

    boolean alive() {
        lock.lock();
        try {
            return endReason == null;
        } finally {
            lock.unlock();
        }
    }

    /** Ends the link, losing what is on its way; false when it had ended before. */
    boolean end(String reason) {
        List<Item> lost;
        lock.lock();
        try {
            if (endReason != null) {
                return false;
            }
            endReason = reason;
            lost = new ArrayList<>(onTheWay);
            lost.addAll(unanswered);
            onTheWay.clear();
            unanswered.clear();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        for (Item item : lost) {
            switch (item) {
                case Item.Message _ -> {}
                case Item.Barrier(var answer, var timeout) -> {
                    timeout.cancel(false);
                    complete(() -> answer.completeExceptionally(new NotConnectedException(reason)));
                }
            }
        }
        return true;
    }

    /** Lets the server read what it may. */
    void readable() {
        reader.lock();
        try {
            for (Item item = next(); item != null; item = next()) {
                switch (item) {
                    case Item.Message(var event) -> arrive.accept(event);
                    case Item.Barrier barrier -> {
                        lock.lock();
                        try {
                            unanswered.add(barrier);
                        } finally {
                            lock.unlock();
                        }
                    }
                }
            }
        } finally {
            reader.unlock();
        }
        answer();
    }

    /** Lets the server answer the barriers it has read, if it may. */
    void answer() {
        List<Item.Barrier> answered;
        lock.lock();
        try {
            if (!conditions.answering()) {
                return;
            }
            answered = List.copyOf(unanswered);
            unanswered.clear();
        } finally {
            lock.unlock();
        }
        for (Item.Barrier barrier : answered) {
            barrier.timeout().cancel(false);
            complete(() -> barrier.answer().complete(null));
        }
    }

    private void complete(Runnable completion) {
        try {
            callbacks.execute(completion);
        } catch (RejectedExecutionException _) {
            completion.run(); // the transport was closed meanwhile
        }
    }

    private @Nullable Item next() {
        lock.lock();
        try {
            if (!conditions.reading()) {
                return null;
            }
            changed.signalAll();
            return onTheWay.poll();
        } finally {
            lock.unlock();
        }
    }
}
