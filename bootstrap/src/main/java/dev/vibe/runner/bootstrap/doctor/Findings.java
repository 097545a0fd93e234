package dev.vibe.runner.bootstrap.doctor;

import dev.vibe.runner.bootstrap.doctor.Finding.Verdict;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** Takes what checks find, and times them: what is said of a check took as long as it is since the last word. */
final class Findings {
    private static final long NANOS_PER_MILLI = 1_000_000;

    private final Consumer<Finding> listener;
    private UnaryOperator<String> redact = UnaryOperator.identity();
    private long lastNanos = System.nanoTime();

    Findings(Consumer<Finding> listener) {
        this.listener = listener;
    }

    /** From now on no text goes out that has not gone through this. */
    void redact(UnaryOperator<String> redact) {
        this.redact = redact;
    }

    void ok(String check, String text) {
        add(check, Verdict.OK, text);
    }

    void warn(String check, String text) {
        add(check, Verdict.WARN, text);
    }

    void fail(String check, String text) {
        add(check, Verdict.FAIL, text);
    }

    void skip(String check, String text) {
        add(check, Verdict.SKIP, text);
    }

    private void add(String check, Verdict verdict, String text) {
        long now = System.nanoTime();
        String line = redact.apply(text).replaceAll("\\p{Cntrl}+", " ").strip();
        listener.accept(new Finding(check, verdict, line, (now - lastNanos) / NANOS_PER_MILLI));
        lastNanos = now;
    }
}
