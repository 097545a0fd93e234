package dev.vibe.runner.bootstrap;

/** What happens when an agent seems to hang. */
enum StallAction {
    /** The session's stream says so. */
    NOTICE,
    /** Its turn is interrupted too. */
    INTERRUPT
}
