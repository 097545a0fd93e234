package dev.vibe.runner.bootstrap;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A folder that is gone when it is closed; what a process that died has left of its kind goes when the next one is made. */
final class ScratchFolder implements AutoCloseable {
    /** None is in use so long. */
    private static final Duration STALE = Duration.ofMinutes(2);

    private final Path path;

    private ScratchFolder(Path path) {
        this.path = path;
    }

    /**
     * Makes one, for this user only.
     *
     * @param parent must be there
     * @param prefix of its name
     */
    static ScratchFolder create(Path parent, String prefix) throws IOException {
        Instant stale = Instant.now().minus(STALE);
        try (DirectoryStream<Path> left = Files.newDirectoryStream(parent, prefix + "*")) {
            for (Path each : left) {
                if (Files.isDirectory(each)
                        && Files.getLastModifiedTime(each).toInstant().isBefore(stale)) {
                    delete(each);
                }
            }
        }
        return new ScratchFolder(Files.createTempDirectory(parent, prefix));
    }

    Path path() {
        return path;
    }

    @Override
    public void close() throws IOException {
        delete(path);
    }

    private static void delete(Path folder) throws IOException {
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.deleteIfExists(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
                if (failure instanceof NoSuchFileException) {
                    return FileVisitResult.CONTINUE; // a journal's lane goes while we look
                }
                throw failure;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failure)
                    throws IOException {
                Files.deleteIfExists(directory);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
