package dev.vibe.runner.adapter.process;

/**
 * Whether Claude is in a turn. Results are not counted against messages: several may be answered by one (measured with
 * 2.1.197). Told by the pump's thread and the feeder's, asked by any.
 */
final class ClaudeTurns {
    private static final String RESULT = "{\"type\":\"result\"";
    private static final String INIT = "{\"type\":\"system\",\"subtype\":\"init\"";

    private static final String REQUEST = "{\"type\":\"control_request\"";
    private static final String ANSWER = "{\"type\":\"control_response\"";

    private volatile int completed; // written by the pump's thread
    private volatile boolean underWay;
    /** It has asked the user something, and nothing went to it since. */
    private volatile boolean asking;

    /** A line goes to the agent. */
    void asked(String line) {
        if (begins(line, REQUEST)) {
            return;
        }
        asking = false;
        underWay |= !begins(line, ANSWER);
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // one thread writes
    void heard(String line) {
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
    boolean speaks(String line) {
        return begins(line, "{\"type\":\"") && !begins(line, ANSWER);
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
    private static boolean begins(String line, String tokens) {
        int at = 0;
        for (int i = 0; i < tokens.length(); i++) {
            while (at < line.length() && line.charAt(at) == ' ') {
                at++;
            }
            if (at >= line.length() || line.charAt(at++) != tokens.charAt(i)) {
                return false;
            }
        }
        return true;
    }
}
