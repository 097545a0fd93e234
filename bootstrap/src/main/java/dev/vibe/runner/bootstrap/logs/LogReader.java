package dev.vibe.runner.bootstrap.logs;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads a log that is being written and rotated ({@code NAME} becomes {@code NAME.1}, that one {@code NAME.2}). A line that is
 * not whole yet is waited for. Used by one thread.
 */
public final class LogReader {
    private static final int OLD_FILES = 2;
    private static final long PAUSE_MILLIS = 200;
    private static final int BUFFER = 64 << 10;

    private final Path file;
    private final LogFilter filter;
    private final Consumer<String> lines;
    private final LineSplitter splitter = new LineSplitter();
    private long position;
    private @Nullable Object key;

    /** @param lines told each line that is wanted */
    public LogReader(Path file, LogFilter filter, Consumer<String> lines) {
        this.file = file;
        this.filter = filter;
        this.lines = lines;
    }

    /** The last lines so far. Returns how many are wanted, those before the last included. */
    public long last(int count) throws IOException {
        ArrayDeque<String> kept = new ArrayDeque<>();
        AtomicLong wanted = new AtomicLong();
        Consumer<String> keep = line -> {
            if (filter.test(line)) {
                wanted.incrementAndGet();
                kept.addLast(line);
                if (kept.size() > count) {
                    kept.removeFirst();
                }
            }
        };
        List<Path> files = Stream.concat(
                        IntStream.rangeClosed(1, OLD_FILES)
                                .mapToObj(number ->
                                        file.resolveSibling(file.getFileName() + "." + (OLD_FILES + 1 - number))),
                        Stream.of(file))
                .toList();
        for (Path each : files) {
            read(each, keep);
        }
        kept.forEach(lines);
        return wanted.get();
    }

    /**
     * What comes from here on; blocks until interrupted.
     *
     * @param over asked now and then whether nobody listens any more
     */
    public void follow(BooleanSupplier over) throws IOException, InterruptedException {
        Consumer<String> show = line -> {
            if (filter.test(line)) {
                lines.accept(line);
            }
        };
        while (!over.getAsBoolean()) {
            // What the old file got before it was put aside comes first.
            Path old = file.resolveSibling(file.getFileName() + ".1");
            if (key != null && !Objects.equals(key, keyOf(file)) && Objects.equals(key, keyOf(old))) {
                read(old, show);
            }
            read(file, show);
            Thread.sleep(PAUSE_MILLIS);
        }
    }

    /** Reads what is new in a file, all of it if it is another one than the last. */
    private void read(Path from, Consumer<String> to) throws IOException {
        Object its = keyOf(from);
        try (FileChannel channel = FileChannel.open(from, StandardOpenOption.READ)) {
            if (!Objects.equals(its, keyOf(from))) {
                return; // put aside at this very moment: the next look finds both
            }
            if (!Objects.equals(its, key) || channel.size() < position) {
                key = its;
                position = 0;
            }
            channel.position(position);
            InputStream in = Channels.newInputStream(channel);
            byte[] buffer = new byte[BUFFER];
            for (int got = in.read(buffer); got > 0; got = in.read(buffer)) {
                position += got;
                splitter.add(buffer, got, to);
            }
        } catch (NoSuchFileException notYet) {
            return;
        }
    }

    private static @Nullable Object keyOf(Path path) throws IOException {
        try {
            return Files.readAttributes(path, BasicFileAttributes.class).fileKey();
        } catch (NoSuchFileException none) {
            return null;
        }
    }
}
