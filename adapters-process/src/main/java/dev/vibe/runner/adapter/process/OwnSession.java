package dev.vibe.runner.adapter.process;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Puts a command into a session and process group of its own, so that a signal to the runner's group (Ctrl-C in a terminal)
 * does not reach it. {@code setsid} replaces itself with the command, so the pid stays.
 */
final class OwnSession {
    private static final List<Path> PLACES = List.of(Path.of("/usr/bin/setsid"), Path.of("/bin/setsid"));

    private OwnSession() {}

    /** The command itself where the system has no {@code setsid}. */
    static List<String> wrap(List<String> command) {
        for (Path place : PLACES) {
            if (Files.isExecutable(place)) {
                List<String> wrapped = new ArrayList<>(command.size() + 1);
                wrapped.add(place.toString());
                wrapped.addAll(command);
                return wrapped;
            }
        }
        return command;
    }
}
