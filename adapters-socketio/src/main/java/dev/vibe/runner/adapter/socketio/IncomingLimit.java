package dev.vibe.runner.adapter.socketio;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Ends a connection on which a message comes that is too long to be read. OkHttp collects a message without any limit, so the
 * bytes are counted below it, where TLS and frames make little difference. For one transport, which reads one connection at
 * a time.
 */
final class IncomingLimit {
    /** More than the decoder takes, so that it can still say what is wrong with a payload slightly too long. */
    static final long MAX_BYTES = 10 * 1024 * 1024;

    private final AtomicLong sinceMessage = new AtomicLong();

    /** A whole message was read. */
    void messageArrived() {
        sinceMessage.set(0);
    }

    /** A new connection's input. */
    InputStream of(InputStream in) {
        sinceMessage.set(0);
        return new FilterInputStream(in) {
            @Override
            public int read() throws IOException {
                byte[] one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
            }

            @Override
            public int read(byte[] bytes, int offset, int length) throws IOException {
                int count = super.read(bytes, offset, length);
                if (count > 0 && sinceMessage.addAndGet(count) > MAX_BYTES) {
                    throw new IOException("the server sends a message of more than " + MAX_BYTES + " bytes");
                }
                return count;
            }
        };
    }
}
