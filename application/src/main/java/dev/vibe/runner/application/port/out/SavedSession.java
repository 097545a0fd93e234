package dev.vibe.runner.application.port.out;

import dev.vibe.runner.domain.AgentType;
import dev.vibe.runner.domain.SessionId;
import dev.vibe.runner.domain.StopCause;
import dev.vibe.runner.domain.UserMessage;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What must be known of a session to go on with it in another process.
 *
 * @param id the session
 * @param agent which agent it runs
 * @param workingDirectory as the server gave it, null for the default; conversations are found again only in the same one
 * @param agentSessionId the agent's own name of the conversation, null while there is none
 * @param nextSeq the number of its next output; counts only in what {@link SessionStore#saved} returns
 * @param ending why it was being ended, null while it was not: such a session is not gone on with
 * @param unsaid the message it was started with, while its agent has not been given it; null for none
 * @param settings what was set in its agent, see {@link RunningAgent#settings}
 */
public record SavedSession(
        SessionId id,
        AgentType agent,
        @Nullable String workingDirectory,
        @Nullable String agentSessionId,
        long nextSeq,
        @Nullable StopCause ending,
        @Nullable UserMessage unsaid,
        List<String> settings) {

    /** Holds on to a copy. */
    public SavedSession {
        settings = List.copyOf(settings);
    }

    /** One that was not being ended, and whose agent had been given all. */
    public SavedSession(
            SessionId id,
            AgentType agent,
            @Nullable String workingDirectory,
            @Nullable String agentSessionId,
            long nextSeq) {
        this(id, agent, workingDirectory, agentSessionId, nextSeq, null, null, List.of());
    }

    /** The same, being ended. */
    public SavedSession ending(@Nullable StopCause cause) {
        return new SavedSession(id, agent, workingDirectory, agentSessionId, nextSeq, cause, unsaid, settings);
    }

    /** The same, with a first message that its agent has not been given. */
    public SavedSession unsaid(@Nullable UserMessage message) {
        return new SavedSession(id, agent, workingDirectory, agentSessionId, nextSeq, ending, message, settings);
    }

    /** The same, with what was set in its agent. */
    public SavedSession set(List<String> now) {
        return new SavedSession(id, agent, workingDirectory, agentSessionId, nextSeq, ending, unsaid, now);
    }
}
