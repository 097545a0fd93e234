package dev.vibe.runner.adapter.websocket;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import dev.vibe.runner.protocol.FrameLimit;

/** How large messages may be. */
final class Limits {
    /**
     * What is read of a server's message, in characters, before the connection is given up; docs/websocket-protocol.md. More than the
     * decoder takes, so that a command which is only somewhat too long is answered.
     */
    static final int INCOMING = 10 * 1024 * 1024;

    private Limits() {}

    static FrameLimit frame(long announced) {
        return announced <= 0 ? FrameLimit.DEFAULT : FrameLimit.announced((double) announced);
    }

    static String quoted(String words) {
        return '"' + String.valueOf(JsonStringEncoder.getInstance().quoteAsString(words)) + '"';
    }
}
