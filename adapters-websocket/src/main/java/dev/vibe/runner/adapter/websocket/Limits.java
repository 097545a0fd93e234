package dev.vibe.runner.adapter.websocket;

import com.fasterxml.jackson.core.io.JsonStringEncoder;

/** How large messages may be. */
final class Limits {
    /** Where the server does not say. */
    static final int DEFAULT_FRAME = 1_000_000;

    /**
     * What is read of a server's message, in characters, before the connection is given up; docs/websocket-protocol.md. More than the
     * decoder takes, so that a command which is only somewhat too long is answered.
     */
    static final int INCOMING = 10 * 1024 * 1024;

    private static final int MAX_FRAME = 8 * 1024 * 1024;
    /** Below this not even a marker fits. */
    static final int MIN_FRAME = 512;

    /** {@code {"event":"name","data":}} around a payload, the longest name included. */
    private static final int FRAME_OVERHEAD = 64;

    /** The fields beside the message in a payload: ids of ordinary length, type, seq. The encoder measures what has longer ones. */
    private static final int ENVELOPE = 256;

    private Limits() {}

    static int frame(long announced) {
        return announced <= 0 ? DEFAULT_FRAME : Math.clamp(announced, MIN_FRAME, MAX_FRAME);
    }

    static int payload(int frame) {
        return frame - FRAME_OVERHEAD;
    }

    static int message(int frame) {
        return payload(frame) - Math.min(ENVELOPE, frame / 4);
    }

    static String quoted(String words) {
        return '"' + String.valueOf(JsonStringEncoder.getInstance().quoteAsString(words)) + '"';
    }
}
