package dev.vibe.runner.transport;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/**
 * Keeps answers to barriers behind the commands that came before them: a server's pending start, handled only after its
 * session's end had been confirmed and forgotten, once ran that session a second time. Thread-safe.
 */
final class Turnstile {
    private record Waiting(long until, Runnable action) {}

    // All below: guarded by this.
    private final List<Waiting> waiting = new ArrayList<>(); // at most the barriers of a Flow: two
    private long put;
    private long handled;

    /**
     * A signal is about to be queued. Said before it is: one that was taken and being handled in the moment between did not
     * count, and a barrier passed it. One that is not queued after all keeps barriers until {@link #open}.
     */
    synchronized void put() {
        put++;
    }

    /** The oldest signal has been handled. */
    void handled() {
        List<Runnable> due = new ArrayList<>();
        synchronized (this) {
            handled += handled == Long.MAX_VALUE ? 0 : 1;
            for (Iterator<Waiting> each = waiting.iterator(); each.hasNext(); ) {
                Waiting next = each.next();
                if (next.until <= handled) {
                    each.remove();
                    due.add(next.action);
                }
            }
        }
        due.forEach(Runnable::run);
    }

    /** No signal will be handled any more: what waits is run now. */
    void open() {
        List<Waiting> due;
        synchronized (this) {
            handled = Long.MAX_VALUE;
            due = List.copyOf(waiting);
            waiting.clear();
        }
        due.forEach(each -> each.action.run());
    }

    /** Runs something short once all signals put so far have been handled: now, or on the thread that handles the last. */
    void afterAllPutBefore(Runnable action) {
        synchronized (this) {
            if (handled < put) {
                waiting.add(new Waiting(put, action));
                return;
            }
        }
        action.run();
    }
}
