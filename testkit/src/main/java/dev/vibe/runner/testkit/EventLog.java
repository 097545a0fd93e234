package dev.vibe.runner.testkit;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;

/**
 * What happened, in order, kept whole so that a failed wait can show it. Tests wait on it instead of sleeping. Safe for
 * use by several threads.
 *
 * @param <T> what is recorded; its {@code toString} appears in failures
 */
public final class EventLog<T> {
    private static final int SHOWN_IN_FAILURE = 50;

    private final String name;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition grown = lock.newCondition();
    private final List<T> entries = new ArrayList<>(); // guarded by lock
    private int taken; // guarded by lock; entries before it were returned by take()

    /** @param name of the log, for failures */
    public EventLog(String name) {
        this.name = name;
    }

    /** Appends an entry and wakes who waits for it. */
    public void add(T entry) {
        lock.lock();
        try {
            entries.add(entry);
            grown.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** All entries until now. */
    public List<T> all() {
        lock.lock();
        try {
            return List.copyOf(entries);
        } finally {
            lock.unlock();
        }
    }

    /** All entries of a type until now. */
    public <S extends T> List<S> all(Class<S> type) {
        return all().stream().filter(type::isInstance).map(type::cast).toList();
    }

    /** How many entries there are. */
    public int size() {
        return all().size();
    }

    /** Waits for the next entry that no {@code take} has passed yet; throws {@link AssertionError} when none comes. */
    public T take(Duration timeout) throws InterruptedException {
        return take("any entry", _ -> true, timeout);
    }

    /** As {@link #take(String, Predicate, Duration)}, for an entry of a type. */
    public <S extends T> S take(Class<S> type, Duration timeout) throws InterruptedException {
        return type.cast(take(type.getSimpleName(), type::isInstance, timeout));
    }

    /**
     * Waits for the next entry that matches, and passes over those before it; throws {@link AssertionError} with the
     * log's end when it does not come in time.
     *
     * @param what is waited for, for the failure
     */
    public T take(String what, Predicate<? super T> wanted, Duration timeout) throws InterruptedException {
        lock.lock();
        try {
            long left = timeout.toNanos();
            int next = taken;
            while (true) {
                while (next < entries.size()) {
                    T entry = entries.get(next++);
                    if (wanted.test(entry)) {
                        taken = next;
                        return entry;
                    }
                }
                if (left <= 0) {
                    throw new AssertionError(failure(what, timeout));
                }
                left = grown.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Waits until the log as a whole satisfies a condition; throws {@link AssertionError} when it does not in time. */
    public List<T> awaitAll(String what, Predicate<List<T>> wanted, Duration timeout) throws InterruptedException {
        lock.lock();
        try {
            long left = timeout.toNanos();
            while (true) {
                List<T> now = List.copyOf(entries);
                if (wanted.test(now)) {
                    return now;
                }
                if (left <= 0) {
                    throw new AssertionError(failure(what, timeout));
                }
                left = grown.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }

    private String failure(String what, Duration timeout) {
        List<T> end = entries.subList(Math.max(0, entries.size() - SHOWN_IN_FAILURE), entries.size());
        return name + ": no " + what + " within " + timeout.toMillis() + " ms; " + taken + " of " + entries.size()
                + " entries taken, the last are " + end;
    }
}
