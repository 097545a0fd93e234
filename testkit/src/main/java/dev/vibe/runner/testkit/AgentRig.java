package dev.vibe.runner.testkit;

import dev.vibe.runner.application.port.out.AgentPort;
import dev.vibe.runner.application.port.out.RunningAgent;
import dev.vibe.runner.domain.UserMessage;

/** A kind of agent in the hands of {@link AgentContract}, with whatever stands in for its model. */
public interface AgentRig extends AutoCloseable {

    /** The port under test; its default directory exists. */
    AgentPort port();

    /** A message that makes the agent say some words, which {@link #says} recognises, and then end its turn. */
    UserMessage saying(String words);

    /** Whether a line of stdout is the agent's saying just these words, be it for {@link #saying} or not. */
    boolean says(String line, String words);

    /** A message that begins a turn which lasts until it is interrupted. */
    UserMessage lasting();

    /** Waits until the newest such turn is really under way. */
    void awaitLasting(RunningAgent agent) throws Exception;

    /** Whether a line of stdout is the last of a turn. */
    boolean endsTurn(String line);

    /** Ends the agent's main process with SIGKILL, as the kernel might. */
    void killFromOutside(RunningAgent agent) throws Exception;

    /** Whether a thread of this JVM serves one agent, and must end with it. */
    boolean serves(Thread thread);

    @Override
    void close();
}
