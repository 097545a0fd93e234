package dev.vibe.runner.adapter.journal;

import dev.vibe.runner.application.port.out.MemoryRoom;
import dev.vibe.runner.application.port.out.SavedSession;
import dev.vibe.runner.application.port.out.SessionStore;
import dev.vibe.runner.application.port.out.Spool;
import dev.vibe.runner.domain.AgentType;
import dev.vibe.runner.domain.EndpointId;
import dev.vibe.runner.domain.SessionId;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps what sessions say on disk, in one folder for each endpoint, locked by the process that uses it. What it has been
 * given survives the death of the process by any signal; it is not synced to the platter, so the death of the machine may
 * cost the last seconds.
 */
public final class DiskSpool implements Spool, SessionStore {
    private static final Logger LOG = LoggerFactory.getLogger(DiskSpool.class);
    /** While the disk fails, and until all is on disk again, this much may wait in memory. */
    private static final long MEMORY_BYTES = 16_000_000;

    /** What all lanes keep in memory beside the disk: a twelfth of the heap. */
    private static final long CACHE_BYTES = 8L << 20;

    private final JournalFolder held;
    private final Path folder;
    private final EndpointId endpoint;
    private final long maxBytes;
    private final WriteProbe probe;
    private final DiskMender mender = new DiskMender(this::mended);
    private final DiskHealth health = new DiskHealth(mender::failed);
    private final Scratch scratch = new Scratch();
    private final MemoryRoom caches = new MemoryRoom(CACHE_BYTES);
    private final AtomicLong lastLane = new AtomicLong();
    private final List<Leftover> leftovers = new ArrayList<>();
    private final List<SavedSession> saved = new ArrayList<>();
    private final DiskLane.Owner owner = new DiskLane.Owner() {
        @Override
        public void removed(DiskLane lane) {
            forget(lane);
        }

        @Override
        public void wrote() {
            moveToDisk();
        }
    };

    /** Guarded by itself: lanes by session, as long as they are in use. */
    private final Map<SessionId, DiskLane> lanes = new HashMap<>();

    private DiskSpool(JournalFolder held, long maxBytes) {
        this.held = held;
        this.folder = held.path();
        this.endpoint = held.endpoint();
        this.maxBytes = maxBytes;
        this.probe = held.probe();
    }

    /**
     * Takes the folder of an endpoint and reads what is in it.
     *
     * @param stateDirectory made if missing, readable by this user only
     * @param maxBytes what all sessions together may hold
     * @throws IOException when the folder cannot be used, or another process uses it; the message says which
     */
    public static DiskSpool open(Path stateDirectory, EndpointId endpoint, long maxBytes) throws IOException {
        JournalFolder folder = JournalFolder.take(stateDirectory, endpoint);
        if (folder == null) {
            throw new IOException("another runner of this endpoint uses " + stateDirectory);
        }
        return open(folder, maxBytes);
    }

    /**
     * Reads what is in a folder, and goes on with it.
     *
     * @param folder is closed with the result, and where it cannot be read
     * @param maxBytes what all sessions together may hold
     * @throws IOException when it cannot be read; the message says why
     */
    public static DiskSpool open(JournalFolder folder, long maxBytes) throws IOException {
        DiskSpool spool = new DiskSpool(folder, maxBytes);
        try {
            spool.recover();
        } catch (IOException unreadable) {
            folder.close();
            throw unreadable;
        }
        return spool;
    }

    private void recover() throws IOException {
        SortedMap<Long, List<SegmentFile>> left = new TreeMap<>();
        int ofEarlierVersion = 0;
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
            for (Path each : entries) {
                SegmentFile segment = SegmentFile.of(String.valueOf(each.getFileName()));
                if (segment != null) {
                    left.computeIfAbsent(segment.lane(), lane -> new ArrayList<>())
                            .add(segment);
                } else if (Files.isDirectory(each)) {
                    ofEarlierVersion++;
                }
            }
        } catch (DirectoryIteratorException failing) {
            throw failing.getCause();
        }
        if (ofEarlierVersion > 0) {
            LOG.warn(
                    "{} folders in {} are of an earlier version of this runner. What they hold was perhaps not delivered,"
                            + " and this version does not read it: have that version deliver it, or delete them",
                    ofEarlierVersion,
                    folder);
        }
        left.forEach(this::recover);
        if (!leftovers.isEmpty()) {
            LOG.info("{} sessions of an earlier run have something to deliver", leftovers.size());
        }
    }

    private void recover(long number, List<SegmentFile> files) {
        lastLane.set(number); // they ascend; that of a damaged one is never used again
        files.sort(Comparator.comparingLong(SegmentFile::begin));
        try {
            Segments found = Segments.found(folder, number, files);
            if (found != null) {
                recover(number, found);
            }
        } catch (IOException damaged) {
            LOG.error("lane {} of the journal in {} is left aside: {}", number, folder, damaged.getMessage());
        }
    }

    private void recover(long number, Segments segments) throws IOException {
        DiskLane lane = newLane(number, Identity.of(segments.identity().session()));
        DiskLane.Found found = lane.recover(segments);
        Identity identity = found.identity();
        if (found.events() == 0 && (found.over() || identity.agent() == null || !found.begun())) {
            lane.remove();
            return;
        }
        lanes.put(identity.session(), lane);
        leftovers.add(new Leftover(identity.session(), lane, found.events(), found.weight()));
        AgentType agent = identity.agent();
        if (agent != null && !found.over()) {
            saved.add(new SavedSession(
                    identity.session(),
                    agent,
                    identity.directory(),
                    identity.agentSession(),
                    found.nextSeq(),
                    identity.stopCause(),
                    identity.unsaidMessage(),
                    identity.settingsList()));
        }
    }

    @Override
    public Lane lane(SessionId session) {
        return diskLane(session);
    }

    private DiskLane diskLane(SessionId session) {
        synchronized (lanes) {
            DiskLane lane = lanes.get(session);
            if (lane == null || lane.retired()) {
                Identity next = lane == null ? null : lane.successor();
                lane = newLane(lastLane.incrementAndGet(), next == null ? Identity.of(session) : next);
                lanes.put(session, lane);
            }
            return lane;
        }
    }

    /** What all lanes keep in memory beside the disk, in bytes. */
    long cached() {
        return caches.used();
    }

    private DiskLane newLane(long number, Identity identity) {
        return new DiskLane(folder, number, identity, endpoint, health, scratch, caches, owner);
    }

    /** The disk works again: what lanes hold in memory goes there, also where its session says no more. */
    private void moveToDisk() {
        List<DiskLane> all;
        synchronized (lanes) {
            all = List.copyOf(lanes.values());
        }
        for (DiskLane each : all) {
            if (!each.moveToDisk()) {
                return;
            }
        }
    }

    private boolean mended() {
        moveToDisk();
        // Where nothing is in memory no lane writes, and a place that takes something else will do.
        if (health.failing() && !health.holding() && probe.problem() == null) {
            health.works();
        }
        return !health.failing();
    }

    /** A session that has begun anew in a lane that goes gets one of its own, before the files go that told of it. */
    private void forget(DiskLane lane) {
        if (lane.successor() != null) {
            diskLane(lane.session()).describe();
        }
        synchronized (lanes) {
            lanes.remove(lane.session(), lane);
        }
    }

    @Override
    public List<Leftover> leftovers() {
        return List.copyOf(leftovers);
    }

    @Override
    public long capacity() {
        return health.failing() ? Math.min(MEMORY_BYTES, maxBytes) : maxBytes;
    }

    @Override
    public @Nullable String problem() {
        return health.failing()
                ? "the journal failed: what waits for the server is kept in memory, all or some of it"
                : probe.problem();
    }

    @Override
    public void save(SavedSession session) {
        Identity identity = Identity.of(session);
        while (!diskLane(session.id()).describe(identity)) {
            Thread.onSpinWait(); // it was retired between the two calls: the next is another
        }
    }

    @Override
    public List<SavedSession> saved() {
        return List.copyOf(saved);
    }

    @Override
    public void close() {
        mender.close();
        synchronized (lanes) {
            lanes.values().forEach(DiskLane::close);
        }
        try {
            held.close();
        } catch (IOException failing) {
            LOG.debug("the lock could not be released", failing);
        }
    }
}
