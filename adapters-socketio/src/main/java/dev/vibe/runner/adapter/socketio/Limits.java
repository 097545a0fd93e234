package dev.vibe.runner.adapter.socketio;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How large a frame this server takes, from its Engine.IO handshake {@code 0{...,"maxPayload":N}}. */
final class Limits {
    /** Socket.IO's default; also for servers too old to announce it. */
    static final int DEFAULT_FRAME = 1_000_000;

    /** OkHttp closes a connection with more than 16 MiB in its queue, so no frame may come near. */
    private static final int MAX_FRAME = 8 * 1024 * 1024;

    /** Below this not even a marker fits. */
    static final int MIN_FRAME = 512;

    /** {@code 42["name",...]} around a payload, the longest name included. */
    private static final int FRAME_OVERHEAD = 64;

    /** The fields beside the message in a payload: ids of ordinary length, type, seq. The encoder measures what has longer ones. */
    private static final int ENVELOPE = 256;

    private static final Pattern MAX_PAYLOAD =
            Pattern.compile("\"maxPayload\"\\s*:\\s*(\\d{1,400}(?:\\.\\d{1,400})?(?:[eE][+-]?\\d{1,4})?)");

    private Limits() {}

    static int frame(String handshake) {
        Matcher found = MAX_PAYLOAD.matcher(handshake);
        // As JavaScript's numbers are: a server without a limit may say 1.7976931348623157e+308.
        double announced = found.find() ? Double.parseDouble(found.group(1)) : DEFAULT_FRAME;
        return (int) Math.clamp(announced, (double) MIN_FRAME, (double) MAX_FRAME);
    }

    static int payload(int frame) {
        return frame - FRAME_OVERHEAD;
    }

    static int message(int frame) {
        return payload(frame) - Math.min(ENVELOPE, frame / 4);
    }
}
