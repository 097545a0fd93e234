package dev.vibe.runner.adapter.process;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How one agent is to be started.
 *
 * @param executable where it is; null to look for it in PATH and the usual places
 * @param extraArguments added to the adapter's own, after them
 */
public record AgentCommand(@Nullable Path executable, List<String> extraArguments) {
    /** Look for it, add nothing. */
    public static final AgentCommand DEFAULT = new AgentCommand(null, List.of());

    /** Copies the list. */
    public AgentCommand {
        extraArguments = List.copyOf(extraArguments);
    }
}
