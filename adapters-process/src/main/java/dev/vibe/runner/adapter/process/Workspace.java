package dev.vibe.runner.adapter.process;

import dev.vibe.runner.application.port.out.AgentLaunchException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Finds the directory a session runs in. What the server asks for is not trusted. */
final class Workspace {
    private final Path defaultDirectory;
    private final @Nullable Path root;

    Workspace(Path defaultDirectory, @Nullable Path root) {
        this.defaultDirectory = defaultDirectory;
        this.root = root;
    }

    /**
     * Decides where to run.
     *
     * @param asked as the server gave it; relative ones start at the default directory
     * @return an existing directory that may be entered
     */
    Path resolve(@Nullable String asked) throws AgentLaunchException {
        Path directory;
        try {
            directory = asked == null || asked.isBlank()
                    ? defaultDirectory.toAbsolutePath()
                    : defaultDirectory.toAbsolutePath().resolve(asked).normalize();
        } catch (InvalidPathException e) {
            throw new AgentLaunchException("The working directory is not a valid path: " + e.getReason(), e);
        }
        if (!Files.isDirectory(directory)) {
            String what = Files.exists(directory) ? " is not a directory" : " does not exist";
            throw new AgentLaunchException("The working directory " + shown(directory) + what);
        }
        if (!Files.isExecutable(directory)) {
            throw new AgentLaunchException("The working directory " + shown(directory) + " may not be entered");
        }
        if (root != null && !Files.isDirectory(root)) {
            throw new AgentLaunchException(
                    "The workspace root " + shown(root) + " does not exist (VIBE_WORKSPACE_ROOT)");
        }
        if (root != null && !under(directory, root)) {
            throw new AgentLaunchException(
                    "The working directory " + shown(directory) + " does not lie under " + shown(root));
        }
        return directory;
    }

    private static boolean under(Path directory, Path root) throws AgentLaunchException {
        try {
            return directory.toRealPath().startsWith(root.toRealPath());
        } catch (IOException e) {
            throw new AgentLaunchException("The working directory " + shown(directory) + " cannot be resolved", e);
        }
    }

    /** For a message: on one line, and not longer than one reads. */
    private static String shown(Path path) {
        String text = path.toString().replaceAll("\\p{Cntrl}", "?");
        return text.length() <= 200 ? text : text.substring(0, 200) + "...";
    }
}
