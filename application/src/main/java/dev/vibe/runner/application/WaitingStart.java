package dev.vibe.runner.application;

import dev.vibe.runner.domain.ServerCommand;
import dev.vibe.runner.domain.UserMessage;
import java.util.Iterator;

/**
 * A start that came while an earlier session was still ending, and what was said to the session to come, its first message included:
 * that counts as all does that waits for an agent.
 */
final class WaitingStart {
    private final ServerCommand.StartSession command;
    private final SessionInbox said;
    private final boolean beginsWithWords;
    private final boolean refused;

    WaitingStart(ServerCommand.StartSession command, InboxBudget budget) {
        UserMessage first = command.initialMessage();
        this.command = new ServerCommand.StartSession(
                command.sessionId(), command.agentType(), command.workingDirectory(), null);
        said = new SessionInbox(budget);
        beginsWithWords = first != null && say(new SessionInput.Message(first));
        refused = first != null && !beginsWithWords;
    }

    /** What is to be started; its first message is in {@link #handOver}. */
    ServerCommand.StartSession command() {
        return command;
    }

    /** Returns false, and keeps nothing, where there is no room. */
    boolean say(SessionInput input) {
        return said.offer(input);
    }

    /** Says it to the session that begins at last. */
    void handOver(Session session) {
        if (refused) {
            session.messageRefused();
        }
        Iterator<SessionInput> all = said.drain().iterator();
        if (beginsWithWords && all.next() instanceof SessionInput.Message(var first)) {
            session.beginWith(first);
        }
        all.forEachRemaining(session::deliver);
    }

    /** There will be no such session. */
    void withdraw() {
        said.close();
    }
}
