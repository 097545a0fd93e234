package dev.vibe.runner.adapter.process;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Whether Claude is in a turn. Results are not counted against messages: several may be answered by one (measured with
 * 2.1.197). Told by the pump's thread and the feeder's, asked by any.
 */
final class ClaudeTurns {
    private static final int MAX_ASKED = 256;
    /** Real ones have 36 characters. */
    private static final int LONGEST_ID = 256;

    private static final byte[] TYPED = bytes("{\"type\":\"");
    private static final byte[] RESULT = bytes("{\"type\":\"result\"");
    private static final byte[] INIT = bytes("{\"type\":\"system\",\"subtype\":\"init\"");

    private static final byte[] REQUEST = bytes("{\"type\":\"control_request\"");
    private static final byte[] CANCELLED = bytes("{\"type\":\"control_cancel_request\"");
    private static final byte[] USER = bytes("{\"type\":\"user\"");
    private static final byte[] ANSWER = bytes("{\"type\":\"control_response\"");

    private final boolean goesOn;
    private volatile int completed; // written by the pump's thread
    private volatile boolean underWay;
    /** What it has asked the user and waits for, by the requests' ids. */
    private final Set<String> asked = ConcurrentHashMap.newKeySet();

    /** @param goesOn whether its process was given a conversation that had turns before */
    ClaudeTurns(boolean goesOn) {
        this.goesOn = goesOn;
    }

    /** Words of the user's go to the agent. */
    void said() {
        underWay = true;
    }

    /** The user's answer to a request of the agent's goes to it. */
    void answered(String requestId) {
        asked.remove(requestId);
    }

    /** Whether {@link #heard} would do anything with such a line. */
    static boolean concernedBy(byte[] line) {
        return begins(line, RESULT) || begins(line, INIT) || begins(line, REQUEST) || begins(line, CANCELLED);
    }

    /** Of what was said to Claude, or is as if it had been. */
    static boolean quotesUser(String line) {
        return begins(bytes(line), USER);
    }

    /** The answer to a request, the runner's or a user's. */
    static boolean answers(String line) {
        return begins(bytes(line), ANSWER);
    }

    /** A {@code system/init}, with which each turn begins. */
    static boolean begins(String line) {
        return begins(bytes(line), INIT);
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // one thread writes
    void heard(String text) {
        byte[] line = bytes(text);
        if (begins(line, RESULT)) {
            completed++;
            underWay = false;
            asked.clear();
        } else if (begins(line, INIT)) {
            underWay = true;
        } else if (begins(line, REQUEST)) {
            asks(requestId(text));
        } else if (begins(line, CANCELLED)) {
            asked.remove(requestId(text));
        }
    }

    private void asks(String requestId) {
        if (requestId.length() <= LONGEST_ID && asked.size() < MAX_ASKED) {
            asked.add(requestId);
        }
    }

    /** Rare lines, so that they may cost a tree. */
    private static String requestId(String line) {
        JsonNode request = MessageText.parse(line);
        return request == null ? "" : request.path("request_id").asText("");
    }

    /** The agent's own words, and no answer to a request. */
    boolean speaks(String text) {
        byte[] line = bytes(text);
        return begins(line, TYPED) && !begins(line, ANSWER);
    }

    /** In a turn, and not waiting for the user. */
    boolean working() {
        return underWay && asked.isEmpty();
    }

    /** At least one turn is complete, be it in a process before this one, and none under way. */
    boolean between() {
        return (goesOn || completed > 0) && !underWay;
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
