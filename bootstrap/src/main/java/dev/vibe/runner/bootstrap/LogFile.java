package dev.vibe.runner.bootstrap;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * A file that is appended to and, once full, renamed to {@code NAME.1}, the one before to {@code NAME.2}. Only its owner may
 * read it, which the JDK's FileHandler cannot do for files it rotates. A line that cannot be written (the disk is full) is
 * lost, and the next one is tried again. Used by one thread.
 */
final class LogFile extends OutputStream {
    private final Path file;
    private final long maxBytes;
    private final int files;
    private OutputStream out;
    private long size;

    /**
     * Opens it.
     *
     * @param files how many there are at most, this one included
     * @throws IOException when it cannot be made or written
     */
    LogFile(Path file, long maxBytes, int files) throws IOException {
        this.file = file;
        this.maxBytes = maxBytes;
        this.files = files;
        this.out = open();
    }

    private OutputStream open() throws IOException {
        FileChannel channel = FileChannel.open(
                file,
                Set.of(StandardOpenOption.CREATE, StandardOpenOption.APPEND),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        size = channel.size();
        return Channels.newOutputStream(channel);
    }

    @Override
    public void write(int one) {
        write(new byte[] {(byte) one}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
        try {
            if (size > 0 && size + length > maxBytes) {
                rotate();
            }
            out.write(bytes, offset, length);
            size += length;
        } catch (IOException diskFull) {
            // Nobody is there to be told: this is the log.
            return;
        }
    }

    private void rotate() throws IOException {
        for (int i = files - 1; i > 0; i--) {
            Path from = i == 1 ? file : numbered(i - 1);
            if (Files.exists(from)) {
                Files.move(from, numbered(i), StandardCopyOption.REPLACE_EXISTING);
            }
        }
        OutputStream full = out;
        out = open();
        full.close();
    }

    private Path numbered(int number) {
        return file.resolveSibling(file.getFileName() + "." + number);
    }

    @Override
    public void close() throws IOException {
        out.close();
    }
}
