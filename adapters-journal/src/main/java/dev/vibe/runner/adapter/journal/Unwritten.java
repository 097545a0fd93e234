package dev.vibe.runner.adapter.journal;

import dev.vibe.runner.application.port.out.OutboxWeight;
import dev.vibe.runner.domain.SessionEvent;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A lane's events that are on no disk, because it failed: the newest of all, in order. Not thread-safe. */
final class Unwritten {
    /** What is moved to disk in one write: the scratch has room for it. */
    private static final int MOVE_BYTES = 64 << 10;

    /** Read and not confirmed; empty while anything on disk is unread. */
    private final ArrayDeque<SessionEvent> sent = new ArrayDeque<>();

    private final ArrayDeque<SessionEvent> unread = new ArrayDeque<>();
    private final DiskHealth health;
    /** How many events health has been told of. */
    private int told;

    Unwritten(DiskHealth health) {
        this.health = health;
    }

    /** To be called when something has changed. */
    void tellHealth() {
        health.hold(size() - told);
        told = size();
    }

    int size() {
        return sent.size() + unread.size();
    }

    /** How many of the oldest have been read. */
    int sent() {
        return sent.size();
    }

    void add(Collection<? extends SessionEvent> events) {
        unread.addAll(events);
    }

    /** Before all that is unread. */
    void addFirst(SessionEvent event) {
        unread.addFirst(event);
    }

    /** The next that is unread, which is read then; null where there is none. */
    @Nullable
    SessionEvent next() {
        SessionEvent event = unread.pollFirst();
        if (event != null) {
            sent.addLast(event);
        }
        return event;
    }

    /** One at least of those that are here, and as many as go in one write. */
    List<SessionEvent> oldest() {
        List<SessionEvent> oldest = new ArrayList<>();
        long weight = 0;
        for (Deque<SessionEvent> part : List.of(sent, unread)) {
            for (SessionEvent event : part) {
                weight += OutboxWeight.of(event);
                if (!oldest.isEmpty() && (weight > MOVE_BYTES || oldest.size() == ReadCache.MOST_EVENTS)) {
                    return oldest;
                }
                oldest.add(event);
            }
        }
        return oldest;
    }

    /** Takes the oldest away; there is one. */
    SessionEvent removeFirst() {
        return sent.isEmpty() ? unread.removeFirst() : sent.removeFirst();
    }

    /** What has been read and not confirmed is to be read again. */
    void rewind() {
        while (!sent.isEmpty()) {
            unread.addFirst(sent.removeLast());
        }
    }

    void clear() {
        sent.clear();
        unread.clear();
    }
}
