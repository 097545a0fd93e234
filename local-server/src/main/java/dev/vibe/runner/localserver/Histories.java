package dev.vibe.runner.localserver;

import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * What is remembered of all sessions together: one budget, however many there are, since all of it lies in memory. When it is spent,
 * what ended first is forgotten first, from its oldest entry on, then the oldest entries of the largest that go on. Guarded by the
 * hub's lock.
 */
final class Histories {
    /** A quarter of the launcher's {@code -Xmx}: the rest is for frames and answers under way, each several times its size. */
    static final long BUDGET = 64_000_000;

    private final long budget;
    private final Set<History> open = new LinkedHashSet<>();
    private final Set<History> closed =
            new LinkedHashSet<>(); // in the order of their ends; the empty ones are left out
    private long bytes;

    /** @param budget in bytes */
    @SuppressWarnings("MissingSummary") // the parameter says it
    Histories(long budget) {
        this.budget = budget;
    }

    /** One for a session that begins. */
    History open() {
        History history = new History();
        open.add(history);
        return history;
    }

    /** Its session is over: it goes before those that go on. */
    void close(History history) {
        if (open.remove(history)) {
            closed.add(history);
        }
    }

    /** Its session is no longer known. */
    void forget(History history) {
        open.remove(history);
        closed.remove(history);
        bytes -= history.bytes();
    }

    /** Adds an entry and returns its number; forgets others, or this one, where it is too much. */
    long add(History history, byte[] json) {
        if (!open.contains(history)) {
            closed.add(history);
        }
        bytes -= history.bytes();
        long number = history.add(json);
        bytes += history.bytes();
        trim();
        return number;
    }

    /** How much memory all of them take. */
    long bytes() {
        return bytes;
    }

    private void trim() {
        while (bytes > budget) {
            History victim = closed.isEmpty() ? largest() : closed.iterator().next();
            bytes -= victim.bytes();
            victim.dropOldest();
            bytes += victim.bytes();
            if (victim.bytes() == 0) {
                closed.remove(victim);
            }
        }
    }

    private History largest() {
        return open.stream().max(Comparator.comparingLong(History::bytes)).orElseThrow();
    }
}
