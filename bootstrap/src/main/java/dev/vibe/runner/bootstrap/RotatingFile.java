package dev.vibe.runner.bootstrap;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A log file under the very name that was asked for; when it is full it becomes {@code NAME.1}, that one {@code NAME.2}; what a symbolic
 * link names, in its own folder. What is no regular file, a device or a pipe, is written to and nothing else. For the owner's eyes
 * only. Used by one thread.
 */
final class RotatingFile extends OutputStream {
    private static final int OLD_FILES = 2;

    private final Path file;
    private final long maxBytes;
    private @Nullable FileChannel channel;
    private long size;
    /** A line was cut short: what follows must not look like its rest. */
    private boolean torn;

    /** Opens it, or makes it. A pipe is opened when there is something to be written, which may wait for a reader. */
    RotatingFile(Path file, long maxBytes) throws IOException {
        boolean special = Files.exists(file) && !Files.isRegularFile(file) && !Files.isDirectory(file);
        this.maxBytes = special ? Long.MAX_VALUE : maxBytes;
        if (special) {
            this.file = file;
        } else {
            try (FileChannel _ = open(file)) {
                this.file = file.toRealPath();
            }
            var _ = opened();
        }
    }

    private static FileChannel open(Path file) throws IOException {
        return FileChannel.open(
                file,
                Set.of(StandardOpenOption.CREATE, StandardOpenOption.APPEND),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    }

    private FileChannel opened() throws IOException {
        FileChannel open = channel;
        if (open == null) {
            open = open(file);
            channel = open;
            size = open.size();
        }
        return open;
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    /** Of a write that fails nothing is kept but what the disk has taken of it; the next one opens the file anew. */
    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
        try {
            var _ = opened();
            if (size > 0 && size > maxBytes - length) {
                rotate();
            }
            if (torn) {
                append(ByteBuffer.wrap(new byte[] {'\n'}));
                torn = false;
            }
            append(ByteBuffer.wrap(bytes, from, length));
        } catch (IOException failed) {
            try {
                close();
            } catch (IOException worse) {
                failed.addSuppressed(worse);
            }
            throw failed;
        }
    }

    private void append(ByteBuffer out) throws IOException {
        FileChannel to = opened();
        int begin = out.position();
        try {
            while (out.hasRemaining()) {
                size += to.write(out);
            }
        } catch (IOException failed) {
            torn |= out.position() > begin;
            throw failed;
        }
    }

    private void rotate() throws IOException {
        close();
        for (int old = OLD_FILES; old > 0; old--) {
            Path newer = old == 1 ? file : numbered(old - 1);
            if (Files.exists(newer)) {
                Files.move(newer, numbered(old), StandardCopyOption.REPLACE_EXISTING);
            }
        }
        torn = false;
    }

    private Path numbered(int number) {
        return file.resolveSibling(file.getFileName() + "." + number);
    }

    @Override
    public void close() throws IOException {
        FileChannel open = channel;
        channel = null;
        if (open != null) {
            open.close();
        }
    }
}
