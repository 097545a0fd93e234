package dev.vibe.runner.application;

import dev.vibe.runner.application.port.out.SavedSession;
import dev.vibe.runner.application.port.out.SessionRequest;
import dev.vibe.runner.application.port.out.SessionStore;
import dev.vibe.runner.domain.AgentType;
import dev.vibe.runner.domain.StopCause;
import dev.vibe.runner.domain.UserMessage;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What the runner's next process would know of one session: who it is, that it is being ended, and the message it began with as long as
 * its agent has not been given it. Written one after the other, each time as things are then: what one thread knows must not be
 * overwritten by another that has not seen it yet. Thread-safe; waits for the disk.
 */
final class Keepsake {
    private final SessionRequest request;
    private final AgentType agent;
    private final SessionStore store;
    private final Supplier<@Nullable StopCause> ending;

    private volatile @Nullable String conversation; // written under this
    private volatile List<String> settings; // written under this

    // All below: guarded by this.
    private @Nullable UserMessage first;
    private boolean over;

    /** @param ending why the session is being ended, null while it is not */
    Keepsake(SessionRequest request, AgentType agent, SessionStore store, Supplier<@Nullable StopCause> ending) {
        this.request = request;
        this.agent = agent;
        this.store = store;
        this.ending = ending;
        this.settings = request.settings();
    }

    /** What the session begins with, from the next saving on. */
    synchronized void beginsWith(UserMessage message) {
        first = message;
    }

    /** The agent has been given this. */
    synchronized void given(UserMessage message) {
        if (message.equals(first)) {
            first = null;
            save(conversation);
        }
    }

    /**
     * Saves what is another than before: users begin new conversations within some agents, and set their modes. Costs little else.
     *
     * @param set what is set in the agent
     */
    void follow(@Nullable String agentSessionId, List<String> set) {
        String before = conversation;
        boolean moved = before != null && agentSessionId != null && !agentSessionId.equals(before);
        if (moved || !set.equals(settings)) {
            change(agentSessionId, set);
        }
    }

    private synchronized void change(@Nullable String agentSessionId, List<String> set) {
        settings = set;
        save(agentSessionId);
    }

    /** @param agentSessionId the conversation to resume, where it is known */
    synchronized void save(@Nullable String agentSessionId) {
        conversation = agentSessionId;
        if (!over) {
            store.save(new SavedSession(request.sessionId(), agent, request.workingDirectory(), agentSessionId, 0)
                    .ending(ending.get())
                    .unsaid(first)
                    .set(settings));
        }
    }

    /**
     * The end of the session is about to be said. What were saved behind that would be a session of the same name anew (seen: files of
     * ended sessions that stayed open until the runner's next start).
     */
    synchronized void over() {
        over = true;
    }
}
