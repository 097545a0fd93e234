package dev.vibe.runner.adapter.journal;

import dev.vibe.runner.domain.EndpointId;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An endpoint's folder in the state directory, held by this process until it closes it, or dies however it dies: the lock is
 * the system's (fcntl(2)). Who holds it is written beside the lock, for whoever finds it taken.
 */
public final class JournalFolder implements AutoCloseable {
    private static final String PREFIX = "endpoint-";
    private static final String LOCK = "lock";
    private static final String HOLDER = "holder";
    /** Two pids with their start times have 60. */
    private static final int LONGEST_HOLDER = 1000;

    private final Path path;
    private final EndpointId endpoint;
    private final FileChannel lock;

    private JournalFolder(Path path, EndpointId endpoint, FileChannel lock) {
        this.path = path;
        this.endpoint = endpoint;
        this.lock = lock;
    }

    /**
     * Takes the folder of an endpoint. Blocks for disk access only.
     *
     * @param stateDirectory made if missing, readable by this user only
     * @return null where another process holds it, or this one already
     * @throws IOException when the folder cannot be used
     */
    public static @Nullable JournalFolder take(Path stateDirectory, EndpointId endpoint) throws IOException {
        Path path = path(stateDirectory, endpoint);
        Files.createDirectories(path, Segments.PRIVATE_FOLDER);
        FileChannel lock = FileChannel.open(
                path.resolve(LOCK), Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE), Segments.PRIVATE_FILE);
        boolean taken = false;
        try {
            taken = lock.tryLock() != null;
        } catch (OverlappingFileLockException ours) {
            return null;
        } finally {
            if (!taken) {
                lock.close();
            }
        }
        return taken ? new JournalFolder(path, endpoint, lock) : null;
    }

    /**
     * What {@link #holder} tells others from now on; until then they are told what the one before has said. Blocks for disk access only.
     * A disk that takes nothing more is no reason not to go on.
     */
    public void tell(String holder) {
        Path file = path.resolve(HOLDER);
        try (FileChannel out = FileChannel.open(
                file,
                Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING),
                Segments.PRIVATE_FILE)) {
            out.write(StandardCharsets.UTF_8.encode(holder));
        } catch (IOException untold) {
            // Then nobody is told, and nobody can be mistaken for the one before.
            deleteQuietly(file);
        }
    }

    private static void deleteQuietly(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException stays) {
            return;
        }
    }

    /** What the last process that took the folder said of itself; empty where it is not known. Blocks for disk access only. */
    public static String holder(Path stateDirectory, EndpointId endpoint) {
        return read(path(stateDirectory, endpoint).resolve(HOLDER));
    }

    private static String read(Path holder) {
        try (InputStream in = Files.newInputStream(holder)) {
            return new String(in.readNBytes(LONGEST_HOLDER), StandardCharsets.UTF_8);
        } catch (IOException unknown) {
            return "";
        }
    }

    /** What {@link #holder} tells of each endpoint whose folder is there. Blocks for disk access only. */
    public static List<String> holders(Path stateDirectory) {
        List<String> holders = new ArrayList<>();
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(stateDirectory, PREFIX + "*")) {
            for (Path folder : folders) {
                holders.add(read(folder.resolve(HOLDER)));
            }
        } catch (IOException | DirectoryIteratorException unreadable) {
            return holders;
        }
        return holders;
    }

    private static Path path(Path stateDirectory, EndpointId endpoint) {
        return stateDirectory.resolve(PREFIX + digest(endpoint.value()));
    }

    private static String digest(String id) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(id.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash, 0, 8);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** Where it is. */
    Path path() {
        return path;
    }

    EndpointId endpoint() {
        return endpoint;
    }

    WriteProbe probe() {
        return new WriteProbe(path.resolve(LOCK), lock, System::nanoTime);
    }

    /** Lets others have it. */
    @Override
    public void close() throws IOException {
        lock.close();
    }
}
