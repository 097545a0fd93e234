package dev.vibe.runner.application;

import dev.vibe.runner.domain.UserMessage;
import java.util.ArrayDeque;

/** What a server has sent and an agent has not yet read: bounded by count and by size. Never blocks the one who puts. */
final class SessionInbox {
    static final int MAX_INPUTS = 1_000;
    static final int MAX_CHARS = 32 * 1024 * 1024;

    private final ArrayDeque<SessionInput> inputs = new ArrayDeque<>();
    private long chars;

    /** Returns false, and takes nothing, when it is full. */
    synchronized boolean offer(SessionInput input) {
        long size = size(input);
        if (inputs.size() >= MAX_INPUTS || (chars + size > MAX_CHARS && !inputs.isEmpty())) {
            return false;
        }
        inputs.addLast(input);
        chars += size;
        notifyAll();
        return true;
    }

    /** The next input again, after {@link #take}; always fits. */
    synchronized void putBack(SessionInput input) {
        inputs.addFirst(input);
        chars += size(input);
        notifyAll();
    }

    /** Waits for the next input. */
    synchronized SessionInput take() throws InterruptedException {
        while (inputs.isEmpty()) {
            wait();
        }
        SessionInput input = inputs.removeFirst();
        chars -= size(input);
        return input;
    }

    synchronized int size() {
        return inputs.size();
    }

    private static long size(SessionInput input) {
        return switch (input) {
            case SessionInput.Interrupt _ -> 0;
            case SessionInput.Message(UserMessage.Text(var text)) -> text.length();
            case SessionInput.Message(UserMessage.Structured(var json)) -> json.length();
        };
    }
}
