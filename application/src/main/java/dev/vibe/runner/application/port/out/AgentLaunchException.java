package dev.vibe.runner.application.port.out;

/** An agent could not be started. The message is for the user: what was wrong and what to do. */
public final class AgentLaunchException extends Exception {
    /** @param message becomes the text of {@code session:error} */
    public AgentLaunchException(String message) {
        super(message);
    }

    /** @param message becomes the text of {@code session:error} */
    public AgentLaunchException(String message, Throwable cause) {
        super(message, cause);
    }
}
