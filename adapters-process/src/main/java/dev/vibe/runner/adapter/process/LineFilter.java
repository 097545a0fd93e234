package dev.vibe.runner.adapter.process;

import dev.vibe.runner.domain.OutputLine;
import org.jspecify.annotations.Nullable;

/** Looks at each line on its way from the pipe to the reader, on the pump's thread. */
@FunctionalInterface
public interface LineFilter {
    /** Passes everything on. */
    LineFilter NONE = new LineFilter() {
        @Override
        public boolean passes(OutputLine line) {
            return true;
        }

        @Override
        public String heard(String line) {
            return line;
        }
    };

    /** Whether this line is certain to be passed on as it is and tells nothing, so that it need not become text. Must not wait. */
    default boolean passes(OutputLine line) {
        return false;
    }

    /** What to pass on for this line, null for nothing. Must not wait. */
    @Nullable
    String heard(String line);
}
