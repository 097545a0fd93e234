package dev.vibe.runner.application.port.out;

import dev.vibe.runner.domain.ExitStatus;
import dev.vibe.runner.domain.OutputLine;
import dev.vibe.runner.domain.UserMessage;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An agent's process and all it started. One thread reads ({@link #carry}, or {@link #next}, then {@link #awaitExit}), one feeds ({@link
 * #awaitReady}, {@link #send}, {@link #interrupt}); {@link #stop} and {@link #kill} may come from any thread at any
 * time.
 */
public interface RunningAgent {

    /**
     * The agent's own id of the conversation, chosen by or told to the runner; null while there is none. Another one when the user has
     * begun a new conversation within the agent. Asked with each line, so never more than a look at a field.
     */
    @Nullable
    String agentSessionId();

    /**
     * Whether it was asked to go on with a conversation of which the agent had stored nothing, and began a new one under the
     * same id. Known once {@code launch} has returned. Never blocks.
     */
    default boolean lostConversation() {
        return false;
    }

    /**
     * Why it refused to be used at all, in words for its user; null where it did not. It is being ended then, and how it ends
     * means nothing. Known when it is gone. Never blocks.
     */
    default @Nullable String refusal() {
        return null;
    }

    /**
     * Whether the conversation could be gone on with by a new process if this one died now: at least one turn is
     * complete, be it in the process before, and none is under way. Never blocks; also answers after the end.
     */
    default boolean betweenTurns() {
        return false;
    }

    /**
     * What its user has set within the agent and a new process of it would not know, its permission mode say: in words that only the agent
     * understands, for {@link SessionRequest#settings}. Likewise what it has asked its user and will not be there to hear the answer to. Asked with each line,
     * so never more than a look at a field.
     */
    default List<String> settings() {
        return List.of();
    }

    /**
     * Whether its user has told the agent itself to end, in the agent's own words, and it has agreed: however it exits then, that was
     * asked for. Never blocks; also answers after the end.
     */
    default boolean toldToEnd() {
        return false;
    }

    /**
     * Whether the agent has something to do: a turn is under way, and it does not wait for an answer of the server's, e.g. to
     * a permission prompt. Never blocks.
     */
    default boolean turnUnderWay() {
        return false;
    }

    /**
     * How much CPU time the agent and all it started have used; less than before when one of them has ended. Takes some
     * milliseconds.
     *
     * @return null where the system does not tell
     */
    default @Nullable Duration cpuTime() {
        return null;
    }

    /**
     * How many turns its process has completed so far. Asked after each line, so never more than a look at a field.
     */
    default int completedTurns() {
        return 0;
    }

    /**
     * The memory that the agent and all it started hold, in bytes; pages that they share are counted for each. Takes some
     * milliseconds.
     *
     * @return null where the system does not tell
     */
    default @Nullable Long memoryBytes() {
        return null;
    }

    /**
     * How long it may leave the runner's handshake unanswered until it is told what waits for it all the same. For agents that
     * understand a message before their handshake is done: what seems to be one may be a wrapper, or another version, that knows nothing of handshakes.
     *
     * @return null where nothing can be said before
     */
    default @Nullable Duration toldUnansweredAfter() {
        return null;
    }

    /** The operating system's id of the agent's main process. */
    long pid();

    /**
     * Whether its main process runs. What it started may go on for a while after that, and what it said may not have been read
     * yet. Never blocks.
     */
    boolean running();

    /**
     * Waits for the next line the agent wrote that is meant for the server: the runner's own handshake and the answers
     * to its own requests are left out. Pull, not push: an agent whose lines are not taken is slowed down by its full
     * pipes, and memory stays bounded. Lines of one channel keep their order.
     *
     * @return null after the last line: the process is gone and its pipes are drained
     */
    @Nullable
    OutputLine next() throws InterruptedException;

    /**
     * As {@link #next}, with all lines that are there already: one hand-over for many where an agent writes fast.
     *
     * @return in order; empty after the last line
     */
    default List<OutputLine> nextLines() throws InterruptedException {
        OutputLine line = next();
        return line == null ? List.of() : List.of(line);
    }

    /**
     * Gives all that {@link #next} would give to {@code sink}, and returns when all has been given and the agent is gone, as {@link
     * #awaitExit}. The sink is called with one line or several, in order, on this thread or on the agent's own that has read them,
     * but never by two at once.
     *
     * @throws RuntimeException what the sink has thrown; it is not called again
     * @throws InterruptedException when interrupted; the sink is not called any more when this has returned
     */
    default ExitStatus carry(LineSink sink) throws InterruptedException {
        for (List<OutputLine> lines = nextLines(); !lines.isEmpty(); lines = nextLines()) {
            sink.accept(lines);
        }
        return awaitExit();
    }

    /**
     * Waits until the agent has answered its handshake and takes messages.
     *
     * @return false when {@code timeout} passed first
     * @throws AgentGoneException when it ended first
     */
    boolean awaitReady(Duration timeout) throws AgentGoneException, InterruptedException;

    /**
     * Gives the agent a message. Waits while the agent does not read its input, in a way that may be interrupted and holds
     * no carrier of a virtual thread: a pipe is written by a platform thread. What the message cannot mean to this
     * agent is sent as its JSON text; whatever it holds, it never breaks the agent's input format.
     *
     * @throws AgentGoneException when the agent takes no more input
     */
    void send(UserMessage message) throws AgentGoneException, InterruptedException;

    /**
     * Ends the turn under way; the session goes on. Without a turn it does nothing. Blocks as {@link #send} does.
     *
     * @throws AgentGoneException when the agent takes no more input
     */
    void interrupt() throws AgentGoneException, InterruptedException;

    /**
     * Ends the agent by its own recipe, then by force when {@code grace} has passed. Returns at once or after the
     * agent is gone, as the adapter likes; {@link #awaitExit} tells when. Idempotent.
     */
    void stop(Duration grace);

    /** Ends the agent and everything it started by force, at once. Idempotent; returns within a moment. */
    void kill();

    /**
     * Waits until the agent's process and everything it started is gone, or has refused to go.
     *
     * @return the main process's exit, and what survived
     */
    ExitStatus awaitExit() throws InterruptedException;
}
