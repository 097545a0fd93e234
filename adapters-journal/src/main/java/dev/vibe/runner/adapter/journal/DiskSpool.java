package dev.vibe.runner.adapter.journal;

import dev.vibe.runner.application.port.out.SavedSession;
import dev.vibe.runner.application.port.out.SessionStore;
import dev.vibe.runner.application.port.out.Spool;
import dev.vibe.runner.domain.AgentType;
import dev.vibe.runner.domain.EndpointId;
import dev.vibe.runner.domain.SessionId;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
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
    /** While the disk fails, this much may wait in memory. */
    private static final long MEMORY_BYTES = 16_000_000;

    private final Path folder;
    private final EndpointId endpoint;
    private final long maxBytes;
    private final FileChannel lockFile;
    private final DiskHealth health = new DiskHealth();
    private final Scratch scratch = new Scratch();
    private final AtomicLong nextFolder = new AtomicLong();
    private final List<Leftover> leftovers = new ArrayList<>();
    private final List<SavedSession> saved = new ArrayList<>();

    /** Guarded by itself: lanes by session, as long as they are in use. */
    private final Map<SessionId, DiskLane> lanes = new HashMap<>();

    private DiskSpool(Path folder, EndpointId endpoint, long maxBytes, FileChannel lockFile) {
        this.folder = folder;
        this.endpoint = endpoint;
        this.maxBytes = maxBytes;
        this.lockFile = lockFile;
    }

    /**
     * Opens the folder of an endpoint and reads what is in it.
     *
     * @param stateDirectory made if missing, readable by this user only
     * @param maxBytes what all sessions together may hold
     * @throws IOException when the folder cannot be used, or another process uses it; the message says which
     */
    public static DiskSpool open(Path stateDirectory, EndpointId endpoint, long maxBytes) throws IOException {
        Path folder = stateDirectory.resolve("endpoint-" + digest(endpoint.value()));
        Files.createDirectories(folder, DiskLane.PRIVATE_FOLDER);
        FileChannel lockFile = FileChannel.open(
                folder.resolve("lock"),
                Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
                Segments.PRIVATE_FILE);
        try {
            FileLock lock = lockFile.tryLock();
            if (lock == null) {
                throw new IOException("another runner of this endpoint uses " + folder);
            }
        } catch (OverlappingFileLockException same) {
            lockFile.close();
            throw new IOException("another runner of this endpoint uses " + folder, same);
        } catch (IOException taken) {
            lockFile.close();
            throw taken;
        }
        DiskSpool spool = new DiskSpool(folder, endpoint, maxBytes, lockFile);
        spool.recover();
        return spool;
    }

    private static String digest(String id) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(id.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash, 0, 8);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private void recover() throws IOException {
        List<Path> folders;
        try (Stream<Path> entries = Files.list(folder)) {
            folders = entries.filter(Files::isDirectory).sorted().toList();
        }
        for (Path each : folders) {
            try {
                nextFolder.accumulateAndGet(Long.parseLong(each.getFileName().toString()), Math::max);
                recover(each);
            } catch (IOException | NumberFormatException damaged) {
                LOG.error("{} is left aside: {}", each, damaged.toString());
            }
        }
        if (!leftovers.isEmpty()) {
            LOG.info("{} sessions of an earlier run have something to deliver", leftovers.size());
        }
    }

    private void recover(Path each) throws IOException {
        if (DiskLane.unborn(each)) {
            return;
        }
        Identity identity = Identity.read(each.resolve(DiskLane.IDENTITY));
        DiskLane lane = newLane(each, identity.session());
        DiskLane.Found found = lane.recover();
        if (found.events() == 0 && (found.over() || identity.agent() == null)) {
            lane.remove();
            return;
        }
        lanes.put(identity.session(), lane);
        leftovers.add(new Leftover(identity.session(), lane, found.events(), found.weight()));
        AgentType agent = identity.agent();
        if (agent != null && !found.over()) {
            saved.add(new SavedSession(
                    identity.session(), agent, identity.directory(), identity.agentSession(), found.nextSeq()));
        }
    }

    @Override
    public Lane lane(SessionId session) {
        return diskLane(session);
    }

    private DiskLane diskLane(SessionId session) {
        synchronized (lanes) {
            return lanes.computeIfAbsent(
                    session, id -> newLane(folder.resolve(String.format("%010d", nextFolder.incrementAndGet())), id));
        }
    }

    private DiskLane newLane(Path at, SessionId session) {
        return new DiskLane(at, session, endpoint, health, scratch, () -> forget(session));
    }

    private void forget(SessionId session) {
        synchronized (lanes) {
            lanes.remove(session);
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
        return health.failing() ? "the journal cannot be written: what waits for the server is kept in memory" : null;
    }

    @Override
    public void save(SavedSession session) {
        diskLane(session.id()).describe(Identity.of(session));
    }

    @Override
    public List<SavedSession> saved() {
        return List.copyOf(saved);
    }

    @Override
    public void close() {
        synchronized (lanes) {
            lanes.values().forEach(DiskLane::close);
        }
        try {
            lockFile.close();
        } catch (IOException failing) {
            LOG.debug("the lock could not be released", failing);
        }
    }
}
