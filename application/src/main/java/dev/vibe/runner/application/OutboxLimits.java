package dev.vibe.runner.application;

/**
 * How much may wait for the server, roughly in bytes.
 *
 * @param windowBytes sent and not yet confirmed: also the most that can be repeated after a cut
 * @param sessionBytes of one session; beyond it its agent is no longer read
 * @param totalBytes of all sessions; beyond it only a session that has nothing waiting may add something
 */
public record OutboxLimits(long windowBytes, long sessionBytes, long totalBytes) {
    /** For a sandbox with little memory: 2 MB on the way, 4 MB a session, 16 MB in all. */
    public static final OutboxLimits DEFAULT = new OutboxLimits(2_000_000, 4_000_000, 16_000_000);

    public OutboxLimits {
        if (windowBytes < 1 || sessionBytes < 1 || totalBytes < 1) {
            throw new IllegalArgumentException("every limit must be at least 1");
        }
    }
}
