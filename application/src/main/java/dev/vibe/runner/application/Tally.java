package dev.vibe.runner.application;

import dev.vibe.runner.domain.OutputLine;
import java.util.concurrent.atomic.AtomicLong;

/** Counts what one session carried. One thread counts, any may look; a count costs no more than two plain stores. */
final class Tally {
    private final AtomicLong lines = new AtomicLong();
    private final AtomicLong bytes = new AtomicLong();

    void count(OutputLine line) {
        lines.lazySet(lines.getPlain() + 1);
        bytes.lazySet(bytes.getPlain() + line.utf8().length);
    }

    long lines() {
        return lines.get();
    }

    long bytes() {
        return bytes.get();
    }
}
