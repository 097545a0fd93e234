package dev.vibe.runner.application.port.in;

/**
 * What a shutdown achieved.
 *
 * @param sessionsEnded sessions whose processes are gone
 * @param sessionsLeft sessions that did not end within the deadline
 * @param undelivered events the server has not confirmed
 * @param kept whether those survive this process, so that the next one of this endpoint delivers them
 * @param unregistered whether the server confirmed that the endpoint left
 */
public record ShutdownReport(
        int sessionsEnded, int sessionsLeft, long undelivered, boolean kept, boolean unregistered) {
    /** True when nothing was left undone. */
    public boolean clean() {
        return sessionsLeft == 0 && undelivered == 0;
    }
}
