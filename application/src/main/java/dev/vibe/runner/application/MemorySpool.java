package dev.vibe.runner.application;

import dev.vibe.runner.application.port.out.Spool;
import dev.vibe.runner.domain.SessionEvent;
import dev.vibe.runner.domain.SessionId;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Keeps events in memory: they do not outlive the process. */
public final class MemorySpool implements Spool {
    private final long capacity;

    /** @param capacity in bytes */
    public MemorySpool(long capacity) {
        this.capacity = capacity;
    }

    @Override
    public Lane lane(SessionId session) {
        return new MemoryLane();
    }

    @Override
    public List<Leftover> leftovers() {
        return List.of();
    }

    @Override
    public String problem() {
        return "the state directory cannot be used: what waits for the server is kept in memory only";
    }

    @Override
    public long capacity() {
        return capacity;
    }

    @Override
    public void close() {
        // Nothing is held.
    }

    private static final class MemoryLane implements Lane {
        // Both: guarded by this.
        private final ArrayDeque<SessionEvent> unread = new ArrayDeque<>();
        private final ArrayDeque<SessionEvent> read = new ArrayDeque<>();

        @Override
        public synchronized void append(SessionEvent event) {
            unread.addLast(event);
        }

        @Override
        public synchronized @Nullable SessionEvent next() {
            SessionEvent event = unread.pollFirst();
            if (event != null) {
                read.addLast(event);
            }
            return event;
        }

        @Override
        public synchronized void confirm(int events) {
            for (int i = 0; i < events; i++) {
                read.removeFirst();
            }
        }

        @Override
        public synchronized void rewind() {
            for (Iterator<SessionEvent> newestFirst = read.descendingIterator(); newestFirst.hasNext(); ) {
                unread.addFirst(newestFirst.next());
            }
            read.clear();
        }

        @Override
        public void remove() {
            // Nothing is held.
        }
    }
}
