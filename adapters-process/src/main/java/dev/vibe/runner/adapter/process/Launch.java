package dev.vibe.runner.adapter.process;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * A process to be started.
 *
 * @param environment all of it; the mark is added
 */
record Launch(String name, List<String> command, Map<String, String> environment, Path directory, Mark mark) {}
