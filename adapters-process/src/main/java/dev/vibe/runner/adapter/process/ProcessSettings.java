package dev.vibe.runner.adapter.process;

import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Everything the process agents need to know.
 *
 * @param environment the runner's own environment, from which the agents' is made
 * @param privateNames variables no agent may see, besides {@code VIBE_*} and {@code MAX_CONCURRENT_SESSIONS}
 * @param defaultDirectory where agents run unless the session says otherwise
 * @param rootDirectory what every working directory must lie under, links resolved; null for anywhere
 * @param permissions what agents may do without asking
 * @param partialMessages whether token deltas are passed on
 * @param maxLineBytes the longest line passed on, in bytes; longer ones become a marker
 * @param transportLineBytes the longest line the transport takes now, in bytes; asked again and again
 * @param runnerVersion told to agents that ask for their client's version
 * @param beforeStart called before a process is started, on the thread that will start it; may wait
 * @param claude how Claude Code is started
 * @param codex how Codex is started
 */
public record ProcessSettings(
        Map<String, String> environment,
        Set<String> privateNames,
        Path defaultDirectory,
        @Nullable Path rootDirectory,
        PermissionMode permissions,
        boolean partialMessages,
        int maxLineBytes,
        IntSupplier transportLineBytes,
        String runnerVersion,
        Runnable beforeStart,
        AgentCommand claude,
        AgentCommand codex) {

    /** Copies the collections. */
    public ProcessSettings {
        environment = Map.copyOf(environment);
        privateNames = Set.copyOf(privateNames);
    }

    /** The defaults of a sandbox: bypass, no partial messages, lines as long as the transport takes them. */
    public static ProcessSettings defaults(Map<String, String> environment, Path defaultDirectory) {
        return new ProcessSettings(
                environment,
                Set.of(),
                defaultDirectory,
                null,
                PermissionMode.BYPASS,
                false,
                Integer.MAX_VALUE,
                () -> DEFAULT_LINE_BYTES,
                "0",
                () -> {},
                AgentCommand.DEFAULT,
                AgentCommand.DEFAULT);
    }

    /** The same with something else to be done before a process is started. */
    ProcessSettings withBeforeStart(Runnable action) {
        return new ProcessSettings(
                environment,
                privateNames,
                defaultDirectory,
                rootDirectory,
                permissions,
                partialMessages,
                maxLineBytes,
                transportLineBytes,
                runnerVersion,
                action,
                claude,
                codex);
    }

    /** Just below what a server with default settings takes in one frame. */
    private static final int DEFAULT_LINE_BYTES = 900_000;

    /** The longest line to pass on now. */
    int lineLimit() {
        return Math.min(maxLineBytes, transportLineBytes.getAsInt());
    }
}
