package dev.vibe.runner.application.port.out;

/**
 * The agent's process no longer takes input. Mostly it ends, which {@link RunningAgent#awaitExit} will tell; but it may have closed
 * its input and go on, see {@link RunningAgent#running}.
 */
public final class AgentGoneException extends Exception {
    /** @param message what was tried, for the log */
    public AgentGoneException(String message) {
        super(message, null, false, false);
    }
}
