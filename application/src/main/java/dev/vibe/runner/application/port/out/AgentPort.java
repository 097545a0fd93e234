package dev.vibe.runner.application.port.out;

import dev.vibe.runner.domain.AgentInfo;
import dev.vibe.runner.domain.AgentType;
import java.util.Optional;

/** A kind of agent this runner can drive. Stateless: each launch is a session of its own. */
public interface AgentPort {

    /** Which agent this is. */
    AgentType type();

    /**
     * Looks whether the agent is installed here. Quick (a look at files, no process is waited for), called at each
     * registration, so that a server is told what is true.
     *
     * @return empty when a launch would find nothing to run
     */
    Optional<AgentInfo> detect();

    /** Whether {@link SessionRequest#resume} means something to this agent. */
    default boolean resumes() {
        return false;
    }

    /**
     * Whether a conversation is there to be gone on with, as far as can be told without the agent. May look at files.
     *
     * @param agentSessionId the agent's own name of it
     */
    default boolean hasConversation(String agentSessionId) {
        return true;
    }

    /**
     * Starts the agent's process. Returns as soon as it runs (milliseconds); its handshake goes on behind, see {@link
     * RunningAgent#awaitReady}.
     *
     * @throws AgentLaunchException when there is nothing to run, the directory is no good, or the process cannot start
     */
    RunningAgent launch(SessionRequest request) throws AgentLaunchException;
}
