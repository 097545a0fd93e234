package dev.vibe.runner.adapter.process;

import dev.vibe.runner.application.port.out.AgentGoneException;
import dev.vibe.runner.domain.UserMessage;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How one kind of agent is spoken to over its stdio. One object for one process; holds the conversation's state. */
public interface Dialect extends LineFilter {

    /** What a dialect may use of its process. */
    interface Host {
        /** The agent's input. */
        Stdin stdin();

        /** The agent has answered its handshake. */
        void ready();

        /** The agent refused its handshake: ends the process, and the session with these words. */
        void handshakeFailed(String reason);

        /** Words of the runner's own, to be seen by the user as a line of stderr. */
        void say(String text);

        /** A line of stdout that the agent has not written, after all that it has. Never blocks. */
        void pass(String line);
    }

    /** Begins the handshake. Must not wait. */
    void begin();

    /**
     * Looks at a line of stdout, in order, on the pump's thread. Must not wait.
     *
     * @return what to pass on: mostly the line itself; null for what is between runner and agent
     */
    @Override
    @Nullable
    String heard(String line);

    /** See {@link dev.vibe.runner.application.port.out.RunningAgent#send}. */
    void send(UserMessage message) throws AgentGoneException, InterruptedException;

    /** See {@link dev.vibe.runner.application.port.out.RunningAgent#interrupt}. */
    void interrupt() throws AgentGoneException, InterruptedException;

    /** The first step of a stop, before stdin is closed. Must not wait. */
    void beforeStop();

    /** See {@link dev.vibe.runner.application.port.out.RunningAgent#lostConversation}. */
    default boolean lostConversation() {
        return false;
    }

    /** See {@link dev.vibe.runner.application.port.out.RunningAgent#toldUnansweredAfter}. */
    default @Nullable Duration toldUnansweredAfter() {
        return null;
    }

    /** See {@link dev.vibe.runner.application.port.out.RunningAgent#betweenTurns}. */
    boolean betweenTurns();

    /** See {@link dev.vibe.runner.application.port.out.RunningAgent#settings}. */
    default List<String> settings() {
        return List.of();
    }

    /** See {@link dev.vibe.runner.application.port.out.RunningAgent#toldToEnd}. */
    default boolean toldToEnd() {
        return false;
    }

    /** See {@link dev.vibe.runner.application.port.out.RunningAgent#completedTurns}. */
    default int completedTurns() {
        return 0;
    }

    /** See {@link dev.vibe.runner.application.port.out.RunningAgent#turnUnderWay}. */
    boolean turnUnderWay();

    /** See {@link dev.vibe.runner.application.port.out.RunningAgent#agentSessionId}. */
    @Nullable
    String agentSessionId();
}
