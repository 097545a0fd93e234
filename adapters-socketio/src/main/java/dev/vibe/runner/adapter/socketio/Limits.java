package dev.vibe.runner.adapter.socketio;

import dev.vibe.runner.protocol.FrameLimit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What an Engine.IO handshake {@code 0{...,"maxPayload":N}} says of sizes. */
final class Limits {
    private static final Pattern MAX_PAYLOAD =
            Pattern.compile("\"maxPayload\"\\s*:\\s*(\\d{1,400}(?:\\.\\d{1,400})?(?:[eE][+-]?\\d{1,4})?)");

    private Limits() {}

    /** Servers that are too old to say it have the default. */
    static FrameLimit frame(String handshake) {
        Matcher found = MAX_PAYLOAD.matcher(handshake);
        return found.find() ? FrameLimit.announced(Double.parseDouble(found.group(1))) : FrameLimit.DEFAULT;
    }
}
