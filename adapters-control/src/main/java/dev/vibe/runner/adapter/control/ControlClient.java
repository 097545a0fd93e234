package dev.vibe.runner.adapter.control;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;

/** Asks a runner how it is. */
public final class ControlClient {
    private static final int MAX_BYTES = 16 << 20;
    private static final int BUFFER = 64 << 10;
    private static final long PAUSE_MILLIS = 2;

    private ControlClient() {}

    /**
     * Reads what the runner behind a socket says of itself. Blocks, for at most {@code atMost}.
     *
     * @return one JSON object, see docs/tools.md
     * @throws IOException when nobody listens there any more, or no whole answer came in time
     */
    public static byte[] read(Path socket, Duration atMost) throws IOException, InterruptedException {
        long end = System.nanoTime() + atMost.toNanos();
        ByteBuffer in = ByteBuffer.allocate(BUFFER);
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(socket));
            channel.configureBlocking(false);
            for (int got = channel.read(in); got >= 0; got = channel.read(in)) {
                if (System.nanoTime() > end) {
                    throw new IOException("no answer within " + atMost.toSeconds() + " s");
                }
                if (got == 0) {
                    Thread.sleep(PAUSE_MILLIS);
                }
                if (!in.hasRemaining()) {
                    in = grown(in);
                }
            }
        }
        byte[] bytes = new byte[in.position()];
        in.flip().get(bytes);
        if (bytes.length == 0) {
            throw new IOException("it closed the connection");
        }
        return bytes;
    }

    private static ByteBuffer grown(ByteBuffer full) throws IOException {
        if (full.capacity() >= MAX_BYTES) {
            throw new IOException("the answer is longer than " + MAX_BYTES + " bytes");
        }
        return ByteBuffer.allocate(full.capacity() * 2).put(full.flip());
    }
}
