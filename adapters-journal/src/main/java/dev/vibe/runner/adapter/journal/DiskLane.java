package dev.vibe.runner.adapter.journal;

import dev.vibe.runner.application.port.out.MemoryRoom;
import dev.vibe.runner.application.port.out.OutboxWeight;
import dev.vibe.runner.application.port.out.Spool;
import dev.vibe.runner.domain.EndpointId;
import dev.vibe.runner.domain.SessionEvent;
import dev.vibe.runner.domain.SessionId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One session's events on disk. While the reader keeps up, it is handed from memory what was written; when it falls
 * behind, memory keeps the oldest that is unread, and what had no room there it reads from disk. When the disk fails, events go
 * on in memory behind those on disk, until these have been confirmed or the disk takes them. Thread-safe; its lock is this
 * lane's alone.
 */
final class DiskLane implements Spool.Lane {
    private static final Logger LOG = LoggerFactory.getLogger(DiskLane.class);
    /** As many at once as make it rare. */
    private static final int RESERVED_NUMBERS = 4096;

    /** Read and not confirmed, of {@code bytes} on disk. */
    private record Sent(int bytes, long seq, boolean terminal, long weight) {
        static Sent of(SessionEvent event, int bytes) {
            return new Sent(bytes, DiskLane.seq(event), event.terminal(), OutboxWeight.of(event));
        }
    }

    /** Who has all lanes. Called without this lane's lock. */
    interface Owner {
        /** The retired lane's files are about to be removed. */
        void removed(DiskLane lane);

        /** The disk has taken something while some lane's events are in memory. */
        void wrote();
    }

    private final Path folder;
    private final long number;
    private final SessionId session;
    private final EndpointId endpoint;
    private final DiskHealth health;
    private final Scratch scratch;
    private final Owner owner;
    private volatile boolean retired;
    /** Set under this lane's lock. */
    private volatile @Nullable Identity successor;

    // All below: guarded by this.
    private final ArrayDeque<Sent> sent = new ArrayDeque<>();
    private final ReadCache cache;
    /** Behind all that is on disk. */
    private final Unwritten memory;

    private Identity identity;
    private boolean identityOnDisk;
    private @Nullable Segments segments;
    private Cursor cursor = Cursor.NONE;
    private long readAt;
    private long end;

    private int unread; // of those on disk
    private long unreadWeight;
    /** What {@link #lost} will tell. */
    private Spool.Lost lost = Spool.Lost.NOTHING;
    /** The newest event on disk where it is a terminal one: a session must not seem to run for ever because a disk failed. */
    private @Nullable SessionEvent lastWord;
    /** Until what is on disk has been confirmed, it may fail again, and nothing is put behind it. */
    private boolean damaged;
    /** The newest event is a terminal one. */
    private boolean over;
    /** What the session is was said after that. */
    private boolean anew;

    /**
     * @param folder where its files lie, beside those of other lanes
     * @param number tells its files from those
     * @param identity what is known of the session; not written before something is
     * @param scratch for what is about to be written
     * @param room for what all lanes keep in memory beside the disk
     */
    DiskLane(
            Path folder,
            long number,
            Identity identity,
            EndpointId endpoint,
            DiskHealth health,
            Scratch scratch,
            MemoryRoom room,
            Owner owner) {
        this.folder = folder;
        this.number = number;
        this.session = identity.session();
        this.endpoint = endpoint;
        this.health = health;
        this.scratch = scratch;
        this.cache = new ReadCache(room);
        this.memory = new Unwritten(health);
        this.owner = owner;
        this.identity = identity;
    }

    SessionId session() {
        return session;
    }

    /**
     * What the session is; written now, unless that is what was written last.
     *
     * @return false where the lane has been retired: another one is to be told
     */
    synchronized boolean describe(Identity now) {
        if (retired) {
            return false;
        }
        anew |= over;
        if (!now.equals(identity)) {
            identity = now;
            identityOnDisk = false;
        }
        successor = anew ? identity : null;
        describe();
        return !retired; // else the other may have been opened before it could know this
    }

    /** Writes what is known of the session, unless that is on disk. */
    synchronized void describe() {
        if (retired || identityOnDisk) {
            return;
        }
        try {
            Uninterrupted.run(this::prepare);
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
    public void append(List<? extends SessionEvent> events) {
        if (put(events) && health.holding()) {
            owner.wrote();
        }
    }

    /** False where the events are in memory now. */
    private synchronized boolean put(List<? extends SessionEvent> events) {
        boolean onDisk = moveAll() && appendToDisk(events);
        if (!onDisk) {
            memory.add(events);
            reserveNumbers(seq(events.getLast()) + 1);
        }
        tellHealth(onDisk);
        for (SessionEvent event : events) {
            over = event.terminal();
            anew &= !over;
        }
        successor = anew ? identity : null;
        return onDisk;
    }

    /**
     * What is in memory alone is sent, and forgotten if the process dies then: a session that is gone on with must not use its numbers again, or
     * the server would take new lines for repeated ones. Written over in place, for which a full disk has room.
     */
    private void reserveNumbers(long next) {
        Segments held = segments;
        if (held == null || next < cursor.nextSeq()) {
            return;
        }
        cursor = new Cursor(cursor.confirmed(), next + RESERVED_NUMBERS, cursor.over());
        try {
            Uninterrupted.run(() -> held.confirm(cursor));
        } catch (IOException failing) {
            LOG.debug("no numbers could be reserved", failing);
        }
    }

    /**
     * Brings to disk what is in memory because the disk failed, unless it is behind a damage.
     *
     * @return false where the disk fails still
     */
    synchronized boolean moveToDisk() {
        int before = memory.size();
        boolean all = behindDamage() || moveAll();
        tellHealth(memory.size() < before);
        return all;
    }

    private boolean behindDamage() {
        return damaged && cursor.confirmed() < end;
    }

    private void tellHealth(boolean wroteSomething) {
        memory.tellHealth();
        if (wroteSomething) {
            health.works();
        }
    }

    /** In order, behind what is on disk; false where something stays in memory, and nothing may come before it. */
    private boolean moveAll() {
        if (behindDamage()) {
            return false;
        }
        while (memory.size() > 0) {
            List<SessionEvent> oldest = memory.oldest();
            int[] lengths = new int[oldest.size()];
            if (!write(oldest, lengths)) {
                return false;
            }
            int ofSent = Math.min(oldest.size(), memory.sent());
            for (int i = 0; i < lengths.length; i++) {
                SessionEvent moved = memory.removeFirst();
                if (i < ofSent) {
                    sent.addLast(Sent.of(moved, lengths[i]));
                    readAt += lengths[i];
                }
            }
            unreadOnDisk(oldest, lengths, ofSent);
        }
        return true;
    }

    private boolean appendToDisk(List<? extends SessionEvent> events) {
        int[] lengths = new int[events.size()];
        if (!write(events, lengths)) {
            return false;
        }
        unreadOnDisk(events, lengths, 0);
        return true;
    }

    /** All in one write at the end, which succeeds or counts as if it had not been. */
    private boolean write(List<? extends SessionEvent> events, int[] lengths) {
        ByteBuffer records = Records.encode(events, lengths, scratch);
        int total = records.remaining();
        try {
            Uninterrupted.run(() -> prepare().append(end, records.rewind()));
            end += total;
            damaged = false;
            SessionEvent newest = events.getLast();
            lastWord = newest.terminal() ? newest : null;
            return true;
        } catch (IOException failing) {
            health.failed(failing);
            return false;
        } finally {
            scratch.give(records);
        }
    }

    /** Those from {@code first} on were just written and are to be read: from memory where there is room for all. */
    private void unreadOnDisk(List<? extends SessionEvent> events, int[] lengths, int first) {
        int bytes = 0;
        for (int i = first; i < lengths.length; i++) {
            count(1, OutboxWeight.of(events.get(i)));
            bytes += lengths[i];
        }
        if (cache.takes(lengths.length - first, bytes)) {
            for (int i = first; i < lengths.length; i++) {
                cache.keep(new Stored(events.get(i), lengths[i]));
            }
        }
    }

    @Override
    public synchronized @Nullable SessionEvent next() {
        // Where only the session's last word cannot be read nothing is lost: it is in memory too, and is the next then.
        if (readAt < end && cache.isEmpty() && !readFromDisk() && lost.events() > 0) {
            return null;
        }
        if (readAt >= end) {
            return memory.next();
        }
        Stored cached = cache.take();
        readAt += cached.bytes();
        if (readAt == end) {
            cache.caughtUp();
        }
        Sent read = Sent.of(cached.event(), cached.bytes());
        sent.addLast(read);
        count(-1, -read.weight);
        return cached.event();
    }

    /** Fills the empty cache with what comes next; false where that cannot be read. */
    private boolean readFromDisk() {
        try {
            Segments held = segments; // not prepared first: a disk that takes nothing still gives
            Uninterrupted.run(() -> fill(held == null ? prepare() : held));
            if (!cache.isEmpty()) {
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
            tellHealth(false);
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
        cache.drop(true);
        Segments held = segments;
        try {
            if (held != null) {
                Uninterrupted.run(() -> held.cut(end));
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

    private void fill(Segments from) throws IOException {
        cache.fill(new RecordReader(from, readAt, cache.readAtOnce(), session, endpoint));
        if (readAt + cache.bytes() == end) {
            cache.caughtUp();
        }
    }

    @Override
    public synchronized void confirm(int events) {
        long confirmed = cursor.confirmed();
        long nextSeq = cursor.nextSeq();
        boolean over = cursor.over();
        for (int i = 0; i < events; i++) {
            Sent first = sent.isEmpty() ? Sent.of(memory.removeFirst(), 0) : sent.removeFirst();
            confirmed += first.bytes;
            // A session may be started anew under its old name before all of the old one is confirmed.
            nextSeq = first.terminal ? 0 : Math.max(nextSeq, first.seq + 1);
            over = first.terminal;
        }
        tellHealth(false);
        cursor = new Cursor(confirmed, nextSeq, over);
        Segments held = segments;
        if (held == null) {
            return;
        }
        try {
            Uninterrupted.run(() -> {
                held.confirm(cursor);
                held.forget(cursor.confirmed());
                held.giveBack();
            });
        } catch (IOException failing) {
            LOG.debug("a confirmation was not written: more than need be would be sent again", failing);
            makeRoom(held);
        }
    }

    /** A full disk must not stay full because it is full. */
    private void makeRoom(Segments held) {
        try {
            Uninterrupted.run(() -> {
                held.forget(cursor.confirmed());
                held.confirm(cursor);
                held.giveBack();
            });
        } catch (IOException failing) {
            LOG.debug("nor could room be made", failing);
        }
    }

    @Override
    public synchronized void rewind() {
        readAt = cursor.confirmed();
        cache.drop(readAt == end);
        memory.rewind();
        for (Sent each : sent) {
            count(1, each.weight);
        }
        sent.clear();
    }

    /** Nothing is described here from now on: it would go with the files. Without this lane's lock, which others hold across I/O. */
    @Override
    public void retire() {
        retired = true;
    }

    boolean retired() {
        return retired;
    }

    /** What was described after the last event: a session that begins anew under the old name. Null where there is none. */
    @Nullable
    Identity successor() {
        return successor;
    }

    @Override
    public void remove() {
        retire();
        owner.removed(this);
        removeFiles();
    }

    private synchronized void removeFiles() {
        Segments held = segments;
        segments = null;
        cache.drop(true);
        memory.clear();
        tellHealth(false);
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
        if (held.begin() > told.confirmed()) {
            LOG.error(
                    "session {}: the oldest {} bytes of its journal are missing, and so is what they held: a file was emptied or taken away",
                    session,
                    held.begin() - told.confirmed());
        }
        cursor = new Cursor(Math.max(told.confirmed(), held.begin()), told.nextSeq(), told.over());
        readAt = cursor.confirmed();
        end = held.end(readAt);
        int events = 0;
        long weight = 0;
        long nextSeq = cursor.nextSeq();
        boolean over = cursor.over();
        // Killed while it made the file, or cut since then: nobody can tell. What is taken for begun gets an end at
        // least.
        boolean torn = held.cutShort();
        RecordReader records = new RecordReader(held, readAt, RecordReader.CHUNK_BYTES, session, endpoint);
        long at = readAt;
        while (at < end) {
            Stored read = records.next();
            if (read == null) {
                LOG.warn("session {}: a torn record at the end of the journal, {} bytes, is cut", session, end - at);
                held.cut(at);
                end = at;
                torn = true;
                break;
            }
            at += read.bytes();
            events++;
            weight += OutboxWeight.of(read.event());
            nextSeq = read.event().terminal() ? 0 : Math.max(nextSeq, seq(read.event()) + 1);
            over = read.event().terminal();
            lastWord = over ? read.event() : null;
        }
        count(events, weight);
        cache.drop(readAt == end);
        this.over = over;
        boolean begun = end > 0 || nextSeq > 0 || torn;
        return new Found(identity, events, weight, nextSeq, over, begun);
    }

    /**
     * What {@link #recover} found.
     *
     * @param over whether a terminal event is among the events, or had been confirmed
     * @param begun whether anything was ever said, here or, where the disk failed, from memory; or may have been, before it was damaged.
     *     Otherwise the process died between the agent's start and {@code session:started}: the server, which has heard nothing, says
     *     that start again, with the first message, which nobody else has
     */
    record Found(Identity identity, int events, long weight, long nextSeq, boolean over, boolean begun) {}

    private static long seq(SessionEvent event) {
        return switch (event) {
            case SessionEvent.Output output -> output.seq();
            case SessionEvent.Notice notice -> notice.seq();
            case SessionEvent.Started _, SessionEvent.Ended _, SessionEvent.Failed _ -> -1;
        };
    }
}
