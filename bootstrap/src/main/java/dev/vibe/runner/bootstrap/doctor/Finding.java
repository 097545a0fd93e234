package dev.vibe.runner.bootstrap.doctor;

/**
 * What one check found.
 *
 * @param check which one
 * @param text what was found, and where it is not good, what to do
 * @param millis how long the check took
 */
public record Finding(String check, Verdict verdict, String text, long millis) {

    /** How bad it is. */
    public enum Verdict {
        /** Fine. */
        OK,
        /** The runner works, but something may not be as it was meant. */
        WARN,
        /** The runner, or a session, will not work. */
        FAIL,
        /** Not looked at, because something before it failed or it is not wanted. */
        SKIP
    }
}
