package dev.vibe.runner.application;

import dev.vibe.runner.application.port.out.Outbox;
import dev.vibe.runner.application.port.out.OutboxWeight;
import dev.vibe.runner.application.port.out.Spool;
import dev.vibe.runner.domain.SessionEvent;
import dev.vibe.runner.domain.SessionId;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * An outbox over a {@link Spool}: a lane for each session keeps order, and lanes take turns. The lock guards who is next
 * and how much there is; reading and writing happen outside it, so a slow disk delays only those who use it.
 */
public final class FairOutbox implements Outbox {
    private static final int MAX_ANSWERS = 1_000;
    private static final Duration LOOK_AGAIN = Duration.ofSeconds(1);

    private record Taken(long ordinal, Line line, long weight, boolean answer, boolean terminal) {}

    /** One session's lane and what is known of it. */
    private static final class Line {
        final SessionId session;
        final Spool.Lane lane;

        // All below: guarded by the outbox's lock.
        int unread;
        int items;
        long weight;
        int answers;
        boolean queued;
        boolean over;

        Line(SessionId session, Spool.Lane lane) {
            this.session = session;
            this.lane = lane;
        }
    }

    private final Spool spool;
    private final OutboxLimits limits;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition space = lock.newCondition();
    private final Condition work = lock.newCondition();
    private final Condition empty = lock.newCondition();

    // All below: guarded by lock.
    private final Map<SessionId, Line> lines = new HashMap<>();
    private final ArrayDeque<Line> turns = new ArrayDeque<>();
    private final ArrayDeque<Taken> taken = new ArrayDeque<>();
    private long totalWeight;
    private long takenWeight;
    private long items;
    private long lastOrdinal;
    private long repeats;
    private int answers;
    private boolean woken;
    private boolean unlimited;

    /**
     * @param spool keeps the events; what an earlier process left in it comes first
     * @param limits how much may be on its way, and how much a session may hold
     */
    public FairOutbox(Spool spool, OutboxLimits limits) {
        this.spool = spool;
        this.limits = limits;
        for (Spool.Leftover leftover : spool.leftovers()) {
            Line line = new Line(leftover.session(), leftover.lane());
            line.unread = leftover.events();
            line.items = leftover.events();
            line.weight = leftover.weight();
            lines.put(leftover.session(), line);
            totalWeight += leftover.weight();
            items += leftover.events();
            queue(line);
        }
    }

    @Override
    public void awaitRoom(SessionId session) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (full(session)) {
                // Nobody tells when a disk that failed works again, and has room for more.
                var _ = space.awaitNanos(LOOK_AGAIN.toNanos());
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public boolean hasRoom(SessionId session) {
        lock.lock();
        try {
            return !full(session);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void makeRoom() {
        lock.lock();
        try {
            unlimited = true;
            space.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void append(SessionEvent event) {
        add(event.sessionId(), List.of(event), false);
        signal();
    }

    @Override
    public void add(SessionId session, List<? extends SessionEvent> events) {
        add(session, events, false);
    }

    @Override
    public boolean offer(SessionEvent event) {
        lock.lock();
        try {
            if (answers >= MAX_ANSWERS) {
                return false;
            }
            answers++;
        } finally {
            lock.unlock();
        }
        add(event.sessionId(), List.of(event), true);
        signal();
        return true;
    }

    private void add(SessionId session, List<? extends SessionEvent> events, boolean answer) {
        long weight = 0;
        for (SessionEvent event : events) {
            weight += OutboxWeight.of(event);
        }
        Line line;
        lock.lock();
        try {
            // Counted before they are written: a line with items is not removed meanwhile.
            line = lines.computeIfAbsent(session, id -> new Line(id, spool.lane(id)));
            line.items += events.size();
            line.weight += weight;
            line.answers += answer ? 1 : 0;
            totalWeight += weight;
            items += events.size();
        } finally {
            lock.unlock();
        }
        line.lane.append(events);
        lock.lock();
        try {
            line.unread += events.size();
            queue(line);
        } finally {
            lock.unlock();
        }
    }

    private void signal() {
        lock.lock();
        try {
            work.signal();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void awaitWork(Duration atMost) throws InterruptedException {
        long left = atMost.toNanos();
        lock.lockInterruptibly();
        try {
            while (!takeable() && !woken && left > 0) {
                left = work.awaitNanos(left);
            }
            woken = false;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public @Nullable Parcel poll() {
        for (Line line = nextLine(); line != null; line = nextLine()) {
            SessionEvent event = line.lane.next();
            if (event != null) {
                return take(line, event);
            }
            lose(line, line.lane.lost());
        }
        return null;
    }

    private Parcel take(Line line, SessionEvent event) {
        lock.lock();
        try {
            long weight = OutboxWeight.of(event);
            boolean answer = line.answers > 0 && event.terminal();
            line.answers -= answer ? 1 : 0;
            taken.addLast(new Taken(++lastOrdinal, line, weight, answer, event.terminal()));
            takenWeight += weight;
            queue(line);
            return new Parcel(lastOrdinal, event);
        } finally {
            lock.unlock();
        }
    }

    private @Nullable Line nextLine() {
        lock.lock();
        try {
            if (!takeable()) {
                return null;
            }
            Line line = turns.removeFirst();
            line.queued = false;
            line.unread--;
            return line;
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
        Map<Line, Integer> confirmed = new HashMap<>();
        lock.lock();
        try {
            while (!taken.isEmpty() && taken.getFirst().ordinal <= ordinal) {
                Taken first = taken.removeFirst();
                takenWeight -= first.weight;
                // A session may be started anew under its old name before all of the old one is confirmed.
                first.line.over = first.terminal;
                answers -= first.answer ? 1 : 0;
                confirmed.merge(first.line, 1, Integer::sum);
                first.line.weight -= first.weight;
                totalWeight -= first.weight;
            }
        } finally {
            lock.unlock();
        }
        confirmed.forEach((line, count) -> line.lane.confirm(count));
        List<Line> gone = new ArrayList<>();
        lock.lock();
        try {
            confirmed.forEach((line, count) -> {
                if (forget(line, count)) {
                    gone.add(line);
                }
            });
            space.signalAll();
            work.signal();
            if (items == 0) {
                empty.signalAll();
            }
        } finally {
            lock.unlock();
        }
        gone.forEach(line -> line.lane.remove());
    }

    /** Somebody took the files away, or the disk no longer gives back what it took. */
    private void lose(Line line, Spool.Lost lost) {
        int events = Math.max(1, lost.events()); // one was asked for and did not come: else it would be asked for again
        lock.lock();
        try {
            line.unread -= events - 1; // that one is not counted as unread any more
            line.items -= events;
            items -= events;
            line.weight -= lost.weight();
            totalWeight -= lost.weight();
            int kept = Math.clamp(line.unread, 0, line.answers);
            answers -= line.answers - kept;
            line.answers = kept;
            queue(line);
            space.signalAll();
            if (items == 0) {
                empty.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * Under lock. A session that lives keeps its lane while it is silent.
     *
     * @return whether the lane is to be removed, once the lock is left. The session may begin anew meanwhile, and gets another
     */
    private boolean forget(Line line, int count) {
        line.items -= count;
        items -= count;
        boolean over = line.items == 0 && line.over;
        if (over) {
            lines.remove(line.session);
            line.lane.retire();
        }
        return over;
    }

    @Override
    public void rewind() {
        Set<Line> again = new LinkedHashSet<>();
        lock.lock();
        try {
            for (Taken each : taken) {
                again.add(each.line);
                each.line.unread++;
                each.line.answers += each.answer ? 1 : 0;
            }
            repeats += taken.size();
            taken.clear();
            takenWeight = 0;
        } finally {
            lock.unlock();
        }
        again.forEach(line -> line.lane.rewind());
        lock.lock();
        try {
            again.forEach(this::queue);
            work.signal();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public boolean holds(SessionId session) {
        lock.lock();
        try {
            Line line = lines.get(session);
            return line != null && line.items > 0;
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

    @Override
    public long size(SessionId session) {
        lock.lock();
        try {
            Line line = lines.get(session);
            return line == null ? 0 : line.items;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public long weight() {
        lock.lock();
        try {
            return totalWeight;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public @Nullable String problem() {
        return spool.problem();
    }

    @Override
    public long repeats() {
        lock.lock();
        try {
            return repeats;
        } finally {
            lock.unlock();
        }
    }

    private boolean takeable() {
        return !turns.isEmpty() && takenWeight < limits.windowBytes();
    }

    /** A session that has nothing waiting always has room: none waits for ever behind others. */
    private boolean full(SessionId session) {
        Line line = lines.get(session);
        long capacity = spool.capacity();
        return !unlimited
                && line != null
                && line.weight > 0
                && (line.weight >= Math.min(limits.sessionBytes(), capacity) || totalWeight >= capacity);
    }

    private void queue(Line line) {
        if (!line.queued && line.unread > 0) {
            line.queued = true;
            turns.addLast(line);
        }
    }
}
