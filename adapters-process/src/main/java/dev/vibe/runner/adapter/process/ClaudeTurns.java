package dev.vibe.runner.adapter.process;

import java.nio.charset.StandardCharsets;

/**
 * Whether Claude is in a turn. Results are not counted against messages: several may be answered by one (measured with
 * 2.1.197). Told by the pump's thread and the feeder's, asked by any.
 */
final class ClaudeTurns {
    private static final byte[] TYPED = bytes("{\"type\":\"");
    private static final byte[] RESULT = bytes("{\"type\":\"result\"");
    private static final byte[] INIT = bytes("{\"type\":\"system\",\"subtype\":\"init\"");

    private static final byte[] REQUEST = bytes("{\"type\":\"control_request\"");
    private static final byte[] ANSWER = bytes("{\"type\":\"control_response\"");

    private volatile int completed; // written by the pump's thread
    private volatile boolean underWay;
    /** It has asked the user something, and nothing went to it since. */
    private volatile boolean asking;

    /** A line goes to the agent. */
    void asked(String text) {
        byte[] line = bytes(text);
        if (begins(line, REQUEST)) {
            return;
        }
        asking = false;
        underWay |= !begins(line, ANSWER);
    }

    /** Whether {@link #heard} would do anything with such a line. */
    static boolean concernedBy(byte[] line) {
        return begins(line, RESULT) || begins(line, INIT) || begins(line, REQUEST);
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // one thread writes
    void heard(String text) {
        byte[] line = bytes(text);
        if (begins(line, RESULT)) {
            completed++;
            underWay = false;
            asking = false;
        } else if (begins(line, INIT)) {
            underWay = true;
        } else if (begins(line, REQUEST)) {
            asking = true;
        }
    }

    /** The agent's own words, and no answer to a request. */
    boolean speaks(String text) {
        byte[] line = bytes(text);
        return begins(line, TYPED) && !begins(line, ANSWER);
    }

    /** In a turn, and not waiting for the user. */
    boolean working() {
        return underWay && !asking;
    }

    /** At least one turn is complete, and none under way. */
    boolean between() {
        return completed > 0 && !underWay;
    }

    int completed() {
        return completed;
    }

    /** Blanks between tokens do not matter. */
    private static boolean begins(byte[] line, byte[] tokens) {
        int at = 0;
        for (byte token : tokens) {
            while (at < line.length && line[at] == ' ') {
                at++;
            }
            if (at >= line.length || line[at++] != token) {
                return false;
            }
        }
        return true;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
