package dev.vibe.runner.testkit.model;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;

/** Keeps the requests and lets tests wait for one. Safe for use by several threads. */
final class Recorder {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    /** Guarded by {@link #lock}. */
    private final List<ModelRequest> requests = new ArrayList<>();

    void add(ModelRequest request) {
        lock.lock();
        try {
            requests.add(request);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    List<ModelRequest> all() {
        lock.lock();
        try {
            return List.copyOf(requests);
        } finally {
            lock.unlock();
        }
    }

    ModelRequest await(Predicate<ModelRequest> wanted, Duration timeout) throws InterruptedException {
        long end = System.nanoTime() + timeout.toNanos();
        lock.lock();
        try {
            int seen = 0;
            while (true) {
                for (; seen < requests.size(); seen++) {
                    if (wanted.test(requests.get(seen))) {
                        return requests.get(seen);
                    }
                }
                long left = end - System.nanoTime();
                if (left <= 0 || !changed.await(left, TimeUnit.NANOSECONDS)) {
                    throw new AssertionError("no such request within " + timeout + "; there were: "
                            + requests.stream()
                                    .map(r -> r.path() + " " + r.text())
                                    .toList());
                }
            }
        } finally {
            lock.unlock();
        }
    }
}
