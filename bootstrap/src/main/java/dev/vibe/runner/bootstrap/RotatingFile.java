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

/**
 * A log file under the very name that was asked for; when it is full it becomes {@code NAME.1}, that one {@code NAME.2}. For
 * the owner's eyes only. Used by one thread.
 */
final class RotatingFile extends OutputStream {
    private static final int OLD_FILES = 2;

    private final Path file;
    private final long maxBytes;
    private FileChannel channel;
    private long size;

    RotatingFile(Path file, long maxBytes) throws IOException {
        this.file = file;
        this.maxBytes = maxBytes;
        this.channel = open(file);
        this.size = channel.size();
    }

    private static FileChannel open(Path file) throws IOException {
        return FileChannel.open(
                file,
                Set.of(StandardOpenOption.CREATE, StandardOpenOption.APPEND),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
        if (size > 0 && size + length > maxBytes) {
            rotate();
        }
        for (ByteBuffer out = ByteBuffer.wrap(bytes, from, length); out.hasRemaining(); ) {
            size += channel.write(out);
        }
    }

    private void rotate() throws IOException {
        channel.close();
        for (int old = OLD_FILES; old > 0; old--) {
            Path newer = old == 1 ? file : numbered(old - 1);
            if (Files.exists(newer)) {
                Files.move(newer, numbered(old), StandardCopyOption.REPLACE_EXISTING);
            }
        }
        channel = open(file);
        size = channel.size();
    }

    private Path numbered(int number) {
        return file.resolveSibling(file.getFileName() + "." + number);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
