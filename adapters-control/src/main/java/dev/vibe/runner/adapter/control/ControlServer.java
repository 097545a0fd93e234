package dev.vibe.runner.adapter.control;

import dev.vibe.runner.domain.EndpointId;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells whoever connects how the runner is, and closes. It reads nothing, so it can be made to do nothing: agents run as the
 * same user and can connect too. One thread, one visitor at a time.
 */
public final class ControlServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ControlServer.class);
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final Duration SETTLED = Duration.ofMinutes(1);
    private static final long PAUSE_MILLIS = 2;

    private final ServerSocketChannel listener;
    private final Path file;
    private final Supplier<byte[]> view;

    private ControlServer(ServerSocketChannel listener, Path file, Supplier<byte[]> view) {
        this.listener = listener;
        this.file = file;
        this.view = view;
    }

    /**
     * Opens an endpoint's socket, for this user only, and sweeps away those of runners that died.
     *
     * @param view what a visitor is told; called on the thread of {@link #run}
     * @throws IOException when there can be none, e.g. because the state directory's path is too long for a socket, or another
     *     runner of this endpoint has it; the message is for people
     */
    public static ControlServer open(Path stateDirectory, EndpointId endpoint, Supplier<byte[]> view)
            throws IOException {
        Path file = ControlSockets.of(stateDirectory, endpoint);
        // Within a directory that others cannot enter nobody gets in between the socket's birth and its permissions.
        Files.createDirectories(
                ControlSockets.directory(stateDirectory),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        sweep(stateDirectory);
        if (answers(file)) {
            throw new IOException("another runner of this endpoint answers at " + file);
        }
        Files.deleteIfExists(file);
        ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            listener.bind(UnixDomainSocketAddress.of(file));
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        } catch (IOException | RuntimeException refused) {
            listener.close();
            throw new IOException(file + ": " + refused.getMessage(), refused);
        }
        return new ControlServer(listener, file, view);
    }

    /** A young socket that does not answer may belong to a runner that is about to listen. */
    private static void sweep(Path stateDirectory) throws IOException {
        for (Path each : ControlSockets.in(stateDirectory)) {
            Instant changed = Files.getLastModifiedTime(each).toInstant();
            if (changed.isBefore(Instant.now().minus(SETTLED)) && !answers(each)) {
                Files.deleteIfExists(each);
            }
        }
    }

    private static boolean answers(Path socket) {
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            return channel.connect(UnixDomainSocketAddress.of(socket));
        } catch (IOException | RuntimeException dead) {
            return false;
        }
    }

    /** Answers visitors until {@link #close}. */
    public void run() throws InterruptedException {
        while (listener.isOpen()) {
            try (SocketChannel visitor = listener.accept()) {
                tell(visitor);
            } catch (ClosedChannelException closed) {
                return;
            } catch (IOException | RuntimeException gone) {
                LOG.debug("a look through the control socket failed", gone);
                Thread.sleep(PAUSE_MILLIS);
            }
        }
    }

    /** Who asks and does not listen must not keep others waiting for ever. */
    private void tell(SocketChannel visitor) throws IOException, InterruptedException {
        visitor.configureBlocking(false);
        ByteBuffer out = ByteBuffer.wrap(view.get());
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (out.hasRemaining() && System.nanoTime() < end) {
            if (visitor.write(out) == 0) {
                Thread.sleep(PAUSE_MILLIS);
            }
        }
    }

    @Override
    public void close() {
        try {
            listener.close();
            Files.deleteIfExists(file);
        } catch (IOException left) {
            LOG.debug("the control socket could not be removed", left);
        }
    }
}
