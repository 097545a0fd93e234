package dev.vibe.runner.adapter.websocket;

/**
 * Cumulative acknowledgements: how many event frames were sent on this connection, how many the server has handled, and how many it
 * must have handled before the question that is open counts as answered. Thread-safe.
 */
final class Receipts {
    // All guarded by this.
    private long sent;
    private long acknowledged;
    private long wanted;
    private long question;

    synchronized void sentOne() {
        sent++;
    }

    /** The question of this number is about all that was sent until now. */
    synchronized void ask(long number) {
        question = number;
        wanted = sent;
    }

    /** The server has handled so many; false when that is more than were sent. */
    synchronized boolean acknowledge(long count) {
        acknowledged = Math.max(acknowledged, count);
        return count <= sent;
    }

    /** Whether the question of this number is answered. */
    synchronized boolean answered(long number) {
        return number == question && acknowledged >= wanted;
    }
}
