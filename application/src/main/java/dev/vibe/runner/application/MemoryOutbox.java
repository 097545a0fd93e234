package dev.vibe.runner.application;

import dev.vibe.runner.application.port.out.Outbox;
import dev.vibe.runner.domain.SessionEvent;
import dev.vibe.runner.domain.SessionId;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** An outbox in memory. A lane for each session keeps order; taking turns between lanes keeps it fair. */
public final class MemoryOutbox implements Outbox {
    private static final int MAX_ANSWERS = 1_000;
    private static final int EVENT_OVERHEAD_BYTES = 200;

    /** An event and what it weighs; the lane that holds it. */
    private record Item(Lane lane, SessionEvent event, long weight, boolean answer) {}

    private record Taken(long ordinal, Item item) {}

    private static final class Lane {
        private final ArrayDeque<Item> waiting = new ArrayDeque<>();
        private long weight;
        private int items;
        private boolean ready;
    }

    private final OutboxLimits limits;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition space = lock.newCondition();
    private final Condition work = lock.newCondition();
    private final Condition empty = lock.newCondition();

    // All below: guarded by lock.
    private final Map<SessionId, Lane> lanes = new HashMap<>();
    private final ArrayDeque<Lane> ready = new ArrayDeque<>();
    private final ArrayDeque<Taken> taken = new ArrayDeque<>();
    private long totalWeight;
    private long takenWeight;
    private long items;
    private long lastOrdinal;
    private int answers;
    private boolean woken;

    /** @param limits how much it may hold */
    public MemoryOutbox(OutboxLimits limits) {
        this.limits = limits;
    }

    @Override
    public void awaitRoom(SessionId session) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (full(session)) {
                space.await();
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void append(SessionEvent event) {
        lock.lock();
        try {
            add(event, weigh(event), false);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public boolean offer(SessionEvent event) {
        lock.lock();
        try {
            if (answers >= MAX_ANSWERS) {
                return false;
            }
            answers++;
            add(event, weigh(event), true);
            return true;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public @Nullable Parcel take(Duration atMost) throws InterruptedException {
        long nanos = atMost.toNanos();
        lock.lockInterruptibly();
        try {
            while (!takeable() && !woken && nanos > 0) {
                nanos = work.awaitNanos(nanos);
            }
            woken = false;
            if (!takeable()) {
                return null;
            }
            Lane lane = ready.removeFirst();
            Item item = lane.waiting.removeFirst();
            lane.ready = false;
            makeReady(lane);
            taken.addLast(new Taken(++lastOrdinal, item));
            takenWeight += item.weight;
            return new Parcel(lastOrdinal, item.event);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public boolean hasWork() {
        lock.lock();
        try {
            return takeable();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void wake() {
        lock.lock();
        try {
            woken = true;
            work.signal();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void confirm(long ordinal) {
        lock.lock();
        try {
            while (!taken.isEmpty() && taken.getFirst().ordinal <= ordinal) {
                forget(taken.removeFirst().item);
            }
            space.signalAll();
            work.signal();
            if (items == 0) {
                empty.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void rewind() {
        lock.lock();
        try {
            for (Iterator<Taken> newestFirst = taken.descendingIterator(); newestFirst.hasNext(); ) {
                Item item = newestFirst.next().item;
                item.lane.waiting.addFirst(item);
                makeReady(item.lane);
            }
            taken.clear();
            takenWeight = 0;
            work.signal();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public boolean holds(SessionId session) {
        lock.lock();
        try {
            return lanes.containsKey(session);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public boolean awaitEmpty(Duration atMost) throws InterruptedException {
        long nanos = atMost.toNanos();
        lock.lockInterruptibly();
        try {
            while (items > 0 && nanos > 0) {
                nanos = empty.awaitNanos(nanos);
            }
            return items == 0;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public long size() {
        lock.lock();
        try {
            return items;
        } finally {
            lock.unlock();
        }
    }

    private boolean takeable() {
        return !ready.isEmpty() && takenWeight < limits.windowBytes();
    }

    /** An empty lane always has room: no session waits for ever behind others. */
    private boolean full(SessionId session) {
        Lane lane = lanes.get(session);
        return lane != null
                && lane.weight > 0
                && (lane.weight >= limits.sessionBytes() || totalWeight >= limits.totalBytes());
    }

    private void add(SessionEvent event, long weight, boolean answer) {
        Lane lane = lanes.computeIfAbsent(event.sessionId(), _ -> new Lane());
        lane.waiting.addLast(new Item(lane, event, weight, answer));
        lane.weight += weight;
        lane.items++;
        totalWeight += weight;
        items++;
        makeReady(lane);
        work.signal();
    }

    private void makeReady(Lane lane) {
        if (!lane.ready && !lane.waiting.isEmpty()) {
            lane.ready = true;
            ready.addLast(lane);
        }
    }

    private void forget(Item item) {
        Lane lane = item.lane;
        takenWeight -= item.weight;
        totalWeight -= item.weight;
        lane.weight -= item.weight;
        lane.items--;
        items--;
        if (item.answer) {
            answers--;
        }
        if (lane.items == 0) {
            lanes.remove(item.event.sessionId());
        }
    }

    private static long weigh(SessionEvent event) {
        return EVENT_OVERHEAD_BYTES
                + (event instanceof SessionEvent.Output output
                        ? (long) output.line().text().length()
                        : 0L);
    }
}
