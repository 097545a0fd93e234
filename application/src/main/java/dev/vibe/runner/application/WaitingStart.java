package dev.vibe.runner.application;

import dev.vibe.runner.domain.ServerCommand;

/** A start that came while an earlier session of that name was still ending, and what was said since, to the session to come. */
final class WaitingStart {
    private final ServerCommand.StartSession command;
    private final SessionInbox said;

    WaitingStart(ServerCommand.StartSession command, InboxBudget budget) {
        this.command = command;
        this.said = new SessionInbox(budget);
    }

    ServerCommand.StartSession command() {
        return command;
    }

    /** Returns false, and keeps nothing, where the session to come would have no room for it behind its first message. */
    boolean say(SessionInput input) {
        return said.size() + 1 < SessionInbox.MAX_INPUTS && said.offer(input);
    }

    /** Says it to the session that begins at last, and has been told its first message. */
    void handOver(Session session) {
        said.drain().forEach(session::deliver);
    }

    /** There will be no such session. */
    void withdraw() {
        said.close();
    }
}
