package dev.vibe.runner.adapter.process;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** What to tell a user whose agent is missing. */
final class NotFound {
    private NotFound() {}

    static String message(String product, String command, @Nullable Path explicit, String install) {
        return explicit == null
                ? product + " is not installed here: no executable \"" + command + "\" in PATH or the usual places ("
                        + install + ")"
                : product + " cannot be run from " + explicit + ": there is no executable file";
    }
}
