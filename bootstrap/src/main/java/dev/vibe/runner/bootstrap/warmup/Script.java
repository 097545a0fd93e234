package dev.vibe.runner.bootstrap.warmup;

import java.util.List;

/**
 * What the server says: one session of many turns, since what a line passes is compiled after some 64 calls (decision 49), and
 * then short ones, since a session's end and another one's beginning are to be known too: one, or many where many sessions are to
 * be expected. Each of those begins while the one before it ends. For one thread.
 */
final class Script {
    /** A server's event. */
    record Cue(String name, String payload) {}

    /** More were measured to gain nothing, fewer to leave parts interpreted: docs/decisions.md, 43. */
    private static final int TURNS = 60;

    private static final String LONG_SESSION = "warm-up-1";
    private static final String SHORT_SESSION = "warm-up-short-";
    private static final String BEFORE_SESSION = "\"sessionId\":\"";

    private final int shortSessions;
    private int turns;
    private int begun; // of the short ones
    private int ended;
    private boolean complete = true;

    Script(int shortSessions) {
        this.shortSessions = shortSessions;
    }

    /** What follows the runner's frame. */
    List<Cue> after(String frame) {
        if (frame.contains("\"endpoint:register\"")) {
            return List.of(new Cue("endpoint:registered", "{}"), start(LONG_SESSION));
        }
        if (frame.contains("\"type\":\"result\"")) {
            String session = session(frame);
            if (!session.equals(LONG_SESSION)) {
                return begun < shortSessions ? List.of(stop(session), startShort()) : List.of(stop(session));
            }
            return List.of(++turns < TURNS ? message(session) : stop(session));
        }
        boolean failed = frame.contains("\"session:error\"");
        if (failed || frame.contains("\"session:ended\"")) {
            complete &= !failed;
            return ++ended == 1 ? List.of(startShort()) : List.of();
        }
        return List.of();
    }

    /** Whether all sessions have ended. */
    boolean over() {
        return ended > shortSessions;
    }

    /** Whether all went as it should. */
    boolean complete() {
        return complete && over() && turns >= TURNS;
    }

    private Cue startShort() {
        begun++;
        return start(SHORT_SESSION + begun);
    }

    private static Cue start(String session) {
        return new Cue(
                "session:start",
                "{\"sessionId\":\"" + session + "\",\"agentType\":\"claude\",\"initialMessage\":\"go\"}");
    }

    private static Cue message(String session) {
        return new Cue("message:send", "{\"sessionId\":\"" + session + "\",\"message\":\"go on\"}");
    }

    private static Cue stop(String session) {
        return new Cue("session:stop", "{\"sessionId\":\"" + session + "\"}");
    }

    private static String session(String frame) {
        int begin = frame.indexOf(BEFORE_SESSION) + BEFORE_SESSION.length();
        return frame.substring(begin, frame.indexOf('"', begin));
    }
}
