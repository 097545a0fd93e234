package dev.vibe.runner.adapter.process;

import org.jspecify.annotations.Nullable;

/** Looks at each line on its way from the pipe to the reader, on the pump's thread. */
@FunctionalInterface
interface LineFilter {
    /** What to pass on for this line, null for nothing. Must not wait. */
    @Nullable
    String heard(String line);
}
