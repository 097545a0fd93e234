package dev.vibe.runner.adapter.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Whether the journal's folder could be written, tried with a file that is of no other use. A disk that became full, or read-only, while
 * no session spoke would else be found out by the first line that is to be kept. Thread-safe.
 */
final class WriteProbe {
    /** A new block of any usual file system: one that is full takes nothing more into the last one, either. */
    private static final int BYTES = 4096;

    private static final long INTERVAL_NANOS = 10_000_000_000L;

    private final Path path;
    private final FileChannel file;
    private final LongSupplier nanoTime;

    // Guarded by this.
    private boolean tried;
    private long triedNanos;
    private @Nullable String problem;

    /** @param file open for writing, whose content is nobody's */
    WriteProbe(Path path, FileChannel file, LongSupplier nanoTime) {
        this.path = path;
        this.file = file;
        this.nanoTime = nanoTime;
    }

    /** Why nothing can be written, for people; null where it can. What was found holds for ten seconds. */
    synchronized @Nullable String problem() {
        long now = nanoTime.getAsLong();
        if (!tried || now - triedNanos >= INTERVAL_NANOS) {
            tried = true;
            triedNanos = now;
            problem = look();
        }
        return problem;
    }

    private @Nullable String look() {
        try {
            if (!Files.exists(path)) {
                return "the journal cannot be written: " + path + " was removed";
            }
            try {
                file.write(ByteBuffer.allocate(BYTES), 0);
            } finally {
                file.truncate(0);
            }
            return null;
        } catch (IOException failing) {
            return "the journal cannot be written: " + path + ": " + failing.getMessage();
        }
    }
}
