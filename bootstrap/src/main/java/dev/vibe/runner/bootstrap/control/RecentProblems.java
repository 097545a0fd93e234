package dev.vibe.runner.bootstrap.control;

import dev.vibe.runner.adapter.control.RunnerFacts.Problem;
import java.util.ArrayDeque;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.SimpleFormatter;

/** Remembers the last warnings and errors of the log. */
public final class RecentProblems extends Handler {
    private static final int KEPT = 20;
    private static final int LONGEST = 1_000;

    private final UnaryOperator<String> redact;
    private final ArrayDeque<Problem> problems = new ArrayDeque<>(KEPT); // guarded by itself

    /** @param redact takes secrets out of a text */
    public RecentProblems(UnaryOperator<String> redact) {
        this.redact = redact;
        setLevel(Level.WARNING);
    }

    @Override
    public void publish(LogRecord event) {
        if (!isLoggable(event)) {
            return;
        }
        Throwable thrown = event.getThrown();
        String text = redact.apply(new SimpleFormatter().formatMessage(event) + (thrown == null ? "" : ": " + thrown));
        Problem problem = new Problem(
                event.getInstant(),
                event.getLevel().intValue() >= Level.SEVERE.intValue() ? "error" : "warn",
                text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "...");
        synchronized (problems) {
            if (problems.size() == KEPT) {
                problems.removeFirst();
            }
            problems.addLast(problem);
        }
    }

    /** Oldest first. */
    public List<Problem> list() {
        synchronized (problems) {
            return List.copyOf(problems);
        }
    }

    @Override
    public void flush() {
        // Nothing is held back.
    }

    @Override
    public void close() {
        // Nothing is open.
    }
}
