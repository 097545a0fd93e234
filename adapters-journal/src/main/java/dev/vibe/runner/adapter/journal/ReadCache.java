package dev.vibe.runner.adapter.journal;

import dev.vibe.runner.application.port.out.MemoryRoom;
import java.io.IOException;
import java.util.ArrayDeque;

/**
 * What is on disk and comes next, kept in memory too: a reader that keeps up never waits for the disk. It holds the oldest that is
 * unread; what had no room here is read from disk when its turn comes. Not thread-safe.
 */
final class ReadCache {
    /** Of short lines too: an event is some hundred bytes of memory, whatever it says. */
    static final int MOST_EVENTS = 1024;

    private static final int MOST_BYTES = 128 << 10;

    /** Where many lanes hold much, each keeps this much, and reads so much at once. */
    private static final int LEAST_BYTES = 8 << 10;

    /** What an event takes in memory besides its bytes. */
    private static final int EVENT_OVERHEAD = 128;

    private final MemoryRoom room;
    private final ArrayDeque<Stored> oldest = new ArrayDeque<>();
    private int bytes;
    /** Nothing that is unread on disk is missing here. */
    private boolean complete = true;

    /** @param room for what all lanes keep in memory beside the disk */
    ReadCache(MemoryRoom room) {
        this.room = room;
    }

    boolean isEmpty() {
        return oldest.isEmpty();
    }

    /** What is here, in bytes on disk. */
    int bytes() {
        return bytes;
    }

    /** How much to read from disk at once. */
    int readAtOnce() {
        return most(RecordReader.CHUNK_BYTES);
    }

    private int most(int bytes) {
        return room.scarce() ? LEAST_BYTES : bytes;
    }

    /**
     * Whether so much that was just written is to be kept, each by {@link #keep}. Where not, it and all that follows comes from disk, until the
     * reader has caught up.
     */
    boolean takes(int events, int more) {
        complete &= oldest.size() + events <= MOST_EVENTS && bytes + more <= most(MOST_BYTES);
        return complete;
    }

    void keep(Stored next) {
        oldest.addLast(next);
        bytes += next.bytes();
        room.hold(next.bytes() + EVENT_OVERHEAD);
    }

    /** Into the empty cache: as many records as one read of the disk gives, one at least; none where that one is damaged. */
    void fill(RecordReader records) throws IOException {
        for (Stored next = records.next(); next != null; next = records.ready() ? records.next() : null) {
            keep(next);
            if (oldest.size() == MOST_EVENTS) {
                return;
            }
        }
    }

    /** There is one. */
    Stored take() {
        Stored first = oldest.removeFirst();
        bytes -= first.bytes();
        room.hold(-first.bytes() - EVENT_OVERHEAD);
        return first;
    }

    /** With what is here, or has been taken, all on disk has been read: what comes now may be kept again. */
    void caughtUp() {
        complete = true;
    }

    /** @param all that nothing on disk is unread */
    void drop(boolean all) {
        room.hold(-bytes - (long) EVENT_OVERHEAD * oldest.size());
        oldest.clear();
        bytes = 0;
        complete = all;
    }
}
