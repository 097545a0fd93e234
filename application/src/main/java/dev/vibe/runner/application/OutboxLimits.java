package dev.vibe.runner.application;

/**
 * How much may wait for the server, roughly in bytes.
 *
 * @param windowBytes sent and not yet confirmed: also the most that can be repeated after a cut
 * @param sessionBytes of one session; beyond it its agent is no longer read. What all sessions may hold is for the
 *     {@link dev.vibe.runner.application.port.out.Spool} to say
 */
public record OutboxLimits(long windowBytes, long sessionBytes) {
    /** 2 MB on the way; a session may use all there is. */
    public static final OutboxLimits DEFAULT = new OutboxLimits(2_000_000, Long.MAX_VALUE);

    public OutboxLimits {
        if (windowBytes < 1 || sessionBytes < 1) {
            throw new IllegalArgumentException("every limit must be at least 1");
        }
    }
}
