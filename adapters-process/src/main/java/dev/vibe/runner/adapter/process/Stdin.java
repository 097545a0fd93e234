package dev.vibe.runner.adapter.process;

import dev.vibe.runner.application.port.out.AgentGoneException;

/** An agent's input, line by line. */
public interface Stdin {

    /**
     * Writes a line; waits until the agent's pipe has taken it.
     *
     * @param line without a line ending, and with none inside
     * @throws AgentGoneException when the agent takes no more input
     */
    void write(String line) throws AgentGoneException, InterruptedException;

    /** Writes a line soon, without waiting. False where too much waits already or the input has ended. */
    boolean offer(String line);
}
