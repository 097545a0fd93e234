package dev.vibe.runner.application;

import dev.vibe.runner.domain.UserMessage;
import java.util.ArrayDeque;
import java.util.List;

/**
 * What a server has sent and an agent has not yet read: bounded by count and, together with all other sessions', by size.
 * Never blocks the one who puts.
 */
final class SessionInbox {
    static final int MAX_INPUTS = 1_000;
    private static final char LAST_OF_LATIN_1 = 0xFF;

    private final InboxBudget budget;

    // All below: guarded by this.
    private final ArrayDeque<SessionInput> inputs = new ArrayDeque<>();
    private long bytes;
    private boolean closed;

    SessionInbox(InboxBudget budget) {
        this.budget = budget;
    }

    /** Returns false, and takes nothing, when there is no room. What comes after the end is dropped. */
    synchronized boolean offer(SessionInput input) {
        if (closed) {
            return true;
        }
        long size = size(input);
        if (inputs.size() >= MAX_INPUTS || !budget.grow(bytes, bytes + size)) {
            return false;
        }
        inputs.addLast(input);
        bytes += size;
        notifyAll();
        return true;
    }

    /** Whether it is this inbox, and not others, that leaves no room. */
    synchronized boolean hoards() {
        return inputs.size() >= MAX_INPUTS || budget.mostly(bytes);
    }

    /** Waits for the next input, and leaves it here: until the agent has taken it, it counts. */
    synchronized SessionInput awaitNext() throws InterruptedException {
        while (inputs.isEmpty()) {
            wait();
        }
        return inputs.getFirst();
    }

    /** The agent has taken the next input. */
    synchronized void taken() {
        if (!inputs.isEmpty()) {
            long size = size(inputs.removeFirst());
            budget.shrink(bytes, bytes - size);
            bytes -= size;
        }
    }

    /** All that waits, in order; as {@link #close}. */
    synchronized List<SessionInput> drain() {
        List<SessionInput> all = List.copyOf(inputs);
        close();
        return all;
    }

    /** Nothing is wanted any more. */
    synchronized void close() {
        closed = true;
        inputs.clear();
        budget.shrink(bytes, 0);
        bytes = 0;
    }

    synchronized int size() {
        return inputs.size();
    }

    private static long size(SessionInput input) {
        return switch (input) {
            case SessionInput.Interrupt _ -> 0;
            case SessionInput.Message(UserMessage.Text(var text)) -> size(text);
            case SessionInput.Message(UserMessage.Structured(var json)) -> size(json);
        };
    }

    /** Java keeps a text in one byte a character as long as none is beyond Latin-1. */
    private static long size(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) > LAST_OF_LATIN_1) {
                return 2L * text.length();
            }
        }
        return text.length();
    }
}
