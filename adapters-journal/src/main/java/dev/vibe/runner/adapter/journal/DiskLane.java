package dev.vibe.runner.adapter.journal;

import dev.vibe.runner.application.port.out.OutboxWeight;
import dev.vibe.runner.application.port.out.Spool;
import dev.vibe.runner.domain.EndpointId;
import dev.vibe.runner.domain.SessionEvent;
import dev.vibe.runner.domain.SessionId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One session's events on disk. While the reader keeps up, it is handed what was written from memory; when it falls
 * behind, memory is let go and it reads from disk. When the disk fails, events go on in memory behind those on disk, until
 * these have been confirmed. Thread-safe; its lock is this lane's alone.
 */
final class DiskLane implements Spool.Lane {
    private static final Logger LOG = LoggerFactory.getLogger(DiskLane.class);
    private static final int CACHE_BYTES = 128 << 10;
    /** Of short lines too: an event is some hundred bytes of memory, whatever it says. */
    private static final int CACHE_EVENTS = 1024;

    private static final int READ_BYTES = 64 << 10;

    /** Read and not confirmed. The event is kept only where it is on no disk. */
    private record Sent(int bytes, @Nullable SessionEvent event, long seq, boolean terminal, long weight) {
        /** The next of those on disk, or of those in memory. */
        static Sent of(SessionEvent event, int bytes) {
            return new Sent(
                    bytes, bytes == 0 ? event : null, DiskLane.seq(event), event.terminal(), OutboxWeight.of(event));
        }
    }

    private record Cached(SessionEvent event, int bytes) {}

    private final Path folder;
    private final long number;
    private final SessionId session;
    private final EndpointId endpoint;
    private final DiskHealth health;
    private final Scratch scratch;
    private final Runnable removed;

    // All below: guarded by this.
    private final ArrayDeque<Sent> sent = new ArrayDeque<>();
    private final ArrayDeque<Cached> cache = new ArrayDeque<>();
    private final ArrayDeque<SessionEvent> memory = new ArrayDeque<>();
    private Identity identity;
    private boolean identityOnDisk;
    private @Nullable Segments segments;
    private Cursor cursor = Cursor.NONE;
    private long readAt;
    private long end;
    private int cacheBytes;
    private boolean cacheComplete = true;
    private int inMemory;
    private int unread; // of those on disk
    private long unreadWeight;
    /** What {@link #lost} will tell. */
    private Spool.Lost lost = Spool.Lost.NOTHING;
    /** The newest event on disk where it is a terminal one: a session must not seem to run for ever because a disk failed. */
    private @Nullable SessionEvent lastWord;
    /** Until what is on disk has been confirmed, it may fail again, and nothing is put behind it. */
    private boolean damaged;

    /**
     * @param folder where its files lie, beside those of other lanes
     * @param number tells its files from those
     * @param scratch for what is about to be written
     * @param removed called when the lane is removed, before its files are; must not take this lane's lock
     */
    DiskLane(
            Path folder,
            long number,
            SessionId session,
            EndpointId endpoint,
            DiskHealth health,
            Scratch scratch,
            Runnable removed) {
        this.folder = folder;
        this.number = number;
        this.session = session;
        this.endpoint = endpoint;
        this.health = health;
        this.scratch = scratch;
        this.removed = removed;
        this.identity = Identity.of(session);
    }

    /** What the session is; written now, unless that is what was written last. */
    synchronized void describe(Identity now) {
        if (identityOnDisk && now.equals(identity)) {
            return;
        }
        identity = now;
        identityOnDisk = false;
        try {
            prepare();
        } catch (IOException failing) {
            health.failed(failing);
        }
    }

    private Segments prepare() throws IOException {
        Segments ready = segments;
        if (ready == null) {
            ready = Segments.none(folder, number, identity, cursor);
            segments = ready;
        }
        if (!identityOnDisk) {
            ready.describe(identity, end);
            identityOnDisk = true;
        }
        return ready;
    }

    @Override
    public void append(SessionEvent event) {
        append(List.of(event));
    }

    @Override
    public synchronized void append(List<? extends SessionEvent> events) {
        boolean behindDamage = damaged && cursor.confirmed() < end;
        if (inMemory > 0 || behindDamage || !appendToDisk(events)) {
            memory.addAll(events);
            inMemory += events.size();
        }
    }

    /** All in one write, which succeeds or counts as if it had not been. */
    private boolean appendToDisk(List<? extends SessionEvent> events) {
        int[] lengths = new int[events.size()];
        ByteBuffer records = Records.encode(events, lengths, scratch);
        int total = records.remaining();
        try {
            prepare().append(end, records);
            health.works();
            end += total;
            damaged = false;
            SessionEvent newest = events.getLast();
            lastWord = newest.terminal() ? newest : null;
            for (SessionEvent event : events) {
                count(1, OutboxWeight.of(event));
            }
            boolean few = cache.size() + lengths.length <= CACHE_EVENTS;
            if (cacheComplete && few && cacheBytes + total <= CACHE_BYTES) {
                for (int i = 0; i < lengths.length; i++) {
                    keep(new Cached(events.get(i), lengths[i]));
                }
            } else {
                cacheComplete = false;
            }
            return true;
        } catch (IOException failing) {
            health.failed(failing);
            return false;
        } finally {
            scratch.give(records);
        }
    }

    private void dropCache(boolean complete) {
        cache.clear();
        cacheBytes = 0;
        cacheComplete = complete;
    }

    @Override
    public synchronized @Nullable SessionEvent next() {
        if (readAt >= end) {
            SessionEvent event = memory.pollFirst();
            if (event != null) {
                sent.addLast(Sent.of(event, 0));
            }
            return event;
        }
        if (cache.isEmpty() && !readFromDisk()) {
            return null;
        }
        Cached cached = cache.removeFirst();
        cacheBytes -= cached.bytes;
        readAt += cached.bytes;
        cacheComplete |= readAt == end;
        Sent read = Sent.of(cached.event, cached.bytes);
        sent.addLast(read);
        count(-1, -read.weight);
        return cached.event;
    }

    /** Fills the empty cache with what comes next; false where that cannot be read. */
    private boolean readFromDisk() {
        try {
            Segments held = segments; // not prepared first: a disk that takes nothing still gives
            if (fill(held == null ? prepare() : held)) {
                return true;
            }
            lose("a record is damaged");
        } catch (IOException unreadable) {
            lose(unreadable.toString());
        }
        return false;
    }

    /** What is on disk and not read is given up, as if it had not been written; what is in memory stays. */
    private void lose(String why) {
        SessionEvent word = lastWord;
        if (word != null) {
            memory.addFirst(word);
            inMemory++;
            lastWord = null;
            count(-1, -OutboxWeight.of(word));
        }
        LOG.error(
                "the journal of session {} cannot be read at {}: {}; {} events are lost", session, readAt, why, unread);
        lost = new Spool.Lost(lost.events() + unread, lost.weight() + unreadWeight);
        unread = 0;
        unreadWeight = 0;
        end = readAt;
        damaged = true;
        dropCache(true);
        Segments held = segments;
        try {
            if (held != null) {
                held.cut(end);
            }
        } catch (IOException failing) {
            LOG.warn("the journal of session {} could not be cut at {}: {}", session, end, failing.toString());
        }
    }

    @Override
    public synchronized Spool.Lost lost() {
        Spool.Lost told = lost;
        lost = Spool.Lost.NOTHING;
        return told;
    }

    private void count(int events, long weight) {
        unread += events;
        unreadWeight += weight;
    }

    /** Reads many records at once; a single one where it is longer than that, or something is wrong behind it. */
    private boolean fill(Segments from) throws IOException {
        byte[] chunk = new byte[(int) Math.min(from.segmentEnd(readAt) - readAt, READ_BYTES)];
        from.read(readAt, chunk);
        ByteBuffer numbers = ByteBuffer.wrap(chunk);
        int at = 0;
        while (at + Records.HEADER <= chunk.length && cache.size() < CACHE_EVENTS) {
            int body = at + Records.HEADER;
            int length = numbers.getInt(at);
            SessionEvent event = length < 0 || length > chunk.length - body
                    ? null
                    : Records.decode(chunk, body, length, numbers.getInt(at + Integer.BYTES), session, endpoint);
            if (event == null) {
                break;
            }
            keep(new Cached(event, Records.HEADER + length));
            at = body + length;
        }
        if (at == 0) {
            Cached read = read(from, readAt);
            if (read == null) {
                return false;
            }
            keep(read);
        }
        return true;
    }

    private void keep(Cached next) {
        cache.addLast(next);
        cacheBytes += next.bytes;
    }

    private @Nullable Cached read(Segments from, long offset) throws IOException {
        byte[] header = new byte[Records.HEADER];
        if (offset + header.length > from.segmentEnd(offset)) {
            return null; // torn within the header
        }
        from.read(offset, header);
        ByteBuffer numbers = ByteBuffer.wrap(header);
        int length = numbers.getInt();
        if (length < 0 || length > Records.MAX_BODY || offset + header.length + length > from.segmentEnd(offset)) {
            return null;
        }
        byte[] body = new byte[length];
        if (length > 0) {
            from.read(offset + header.length, body);
        }
        SessionEvent event = Records.decode(body, 0, length, numbers.getInt(), session, endpoint);
        return event == null ? null : new Cached(event, header.length + length);
    }

    @Override
    public synchronized void confirm(int events) {
        long confirmed = cursor.confirmed();
        long nextSeq = cursor.nextSeq();
        boolean over = cursor.over();
        for (int i = 0; i < events; i++) {
            Sent first = sent.removeFirst();
            confirmed += first.bytes;
            // A session may be started anew under its old name before all of the old one is confirmed.
            nextSeq = first.terminal ? 0 : Math.max(nextSeq, first.seq + 1);
            over = first.terminal;
            inMemory -= first.event == null ? 0 : 1;
        }
        cursor = new Cursor(confirmed, nextSeq, over);
        Segments held = segments;
        if (held == null) {
            return;
        }
        try {
            held.confirm(cursor);
            held.forget(confirmed);
            held.giveBack();
        } catch (IOException failing) {
            LOG.debug("a confirmation was not written: more than need be would be sent again", failing);
            makeRoom(held);
        }
    }

    /** A full disk must not stay full because it is full. */
    private void makeRoom(Segments held) {
        try {
            held.forget(cursor.confirmed());
            held.confirm(cursor);
            held.giveBack();
        } catch (IOException failing) {
            LOG.debug("nor could room be made", failing);
        }
    }

    @Override
    public synchronized void rewind() {
        readAt = cursor.confirmed();
        dropCache(readAt == end);
        for (Iterator<Sent> newestFirst = sent.descendingIterator(); newestFirst.hasNext(); ) {
            Sent each = newestFirst.next();
            if (each.event != null) {
                memory.addFirst(each.event);
            } else {
                count(1, each.weight);
            }
        }
        sent.clear();
    }

    @Override
    public void remove() {
        removed.run();
        removeFiles();
    }

    private synchronized void removeFiles() {
        Segments held = segments;
        segments = null;
        try {
            if (held != null) {
                held.remove();
            }
        } catch (IOException failing) {
            LOG.warn("the journal of ended session {} could not be removed: {}", session, failing.toString());
        }
    }

    synchronized void close() {
        try {
            if (segments != null) {
                segments.close();
            }
        } catch (IOException failing) {
            LOG.debug("a file of the journal could not be closed", failing);
        }
    }

    /** Takes what a dead process left. The lane is ready to be read from its oldest unconfirmed event. */
    synchronized Found recover(Segments held) throws IOException {
        identity = held.identity();
        identityOnDisk = true;
        segments = held;
        Cursor told = held.cursor();
        cursor = new Cursor(Math.max(told.confirmed(), held.begin()), told.nextSeq(), told.over());
        readAt = cursor.confirmed();
        end = held.end(readAt);
        int events = 0;
        long weight = 0;
        long nextSeq = cursor.nextSeq();
        boolean over = cursor.over();
        long at = readAt;
        while (at < end) {
            Cached read = read(held, at);
            if (read == null) {
                LOG.warn("session {}: a torn record at the end of the journal, {} bytes, is cut", session, end - at);
                held.cut(at);
                end = at;
                break;
            }
            at += read.bytes;
            events++;
            weight += OutboxWeight.of(read.event);
            nextSeq = read.event.terminal() ? 0 : Math.max(nextSeq, seq(read.event) + 1);
            over = read.event.terminal();
            lastWord = over ? read.event : null;
        }
        count(events, weight);
        dropCache(readAt == end);
        return new Found(identity, events, weight, nextSeq, over);
    }

    /**
     * What {@link #recover} found.
     *
     * @param over whether a terminal event is among the events, or had been confirmed
     */
    record Found(Identity identity, int events, long weight, long nextSeq, boolean over) {}

    private static long seq(SessionEvent event) {
        return switch (event) {
            case SessionEvent.Output output -> output.seq();
            case SessionEvent.Notice notice -> notice.seq();
            case SessionEvent.Started _, SessionEvent.Ended _, SessionEvent.Failed _ -> -1;
        };
    }
}
