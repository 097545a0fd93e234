package dev.vibe.runner.application.port.out;

/** The agent's process no longer takes input; its end will be reported by {@link RunningAgent#awaitExit}. */
public final class AgentGoneException extends Exception {
    /** @param message what was tried, for the log */
    public AgentGoneException(String message) {
        super(message, null, false, false);
    }
}
