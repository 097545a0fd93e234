package dev.vibe.runner.bootstrap;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/** The logs of this process: stdout, and a file, since in a sandbox nobody may be reading stdout. */
final class Logs implements AutoCloseable {
    private static final int FILE_BYTES = 10_000_000;

    private final List<Handler> handlers = new ArrayList<>();
    /** Loggers are weakly held by their manager: without these references their levels would be forgotten. */
    private final List<Logger> levels = new ArrayList<>();

    private Logs() {}

    /** Sets up logging for the whole process. */
    static Logs open(RunnerSettings settings, Redactor redactor) {
        Logs logs = new Logs();
        LogManager.getLogManager().reset();
        Formatter formatter = new LogLine(settings.logFormat(), redactor);
        logs.level("", Level.WARNING);
        logs.level("dev.vibe.runner", settings.logLevel().jul());
        logs.add(AsyncHandler.overPipe(new FileOutputStream(FileDescriptor.out)), formatter);
        String problem =
                settings.logFile().map(file -> logs.addFile(file, formatter)).orElse("");
        if (!problem.isEmpty()) {
            Logger.getLogger("dev.vibe.runner.bootstrap.Logs").warning(problem);
        }
        return logs;
    }

    private void level(String name, Level level) {
        Logger logger = Logger.getLogger(name);
        logger.setLevel(level);
        levels.add(logger);
    }

    private void add(Handler handler, Formatter formatter) {
        handler.setFormatter(formatter);
        handler.setLevel(Level.ALL);
        add(handler);
    }

    /** Lets one more hear. */
    void add(Handler handler) {
        handler.setFilter(_ -> !WarmUp.underWay());
        handlers.add(handler);
        levels.getFirst().addHandler(handler);
    }

    /** Returns what went wrong, or an empty text: a log file is worth a warning, not a refusal to start. */
    private String addFile(Path file, Formatter formatter) {
        try {
            Path directory = file.toAbsolutePath().getParent();
            if (directory != null && !Files.isDirectory(directory)) {
                Files.createDirectories(
                        directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            }
            add(new AsyncHandler(new RotatingFile(file.toAbsolutePath(), FILE_BYTES)), formatter);
            return "";
        } catch (IOException | RuntimeException unwritable) {
            return "no log file: \"" + file + "\" cannot be written (" + reason(unwritable)
                    + "); VIBE_LOG_FILE names another";
        }
    }

    private static @Nullable String reason(Exception problem) {
        return problem.getClass().getSimpleName() + ": " + problem.getMessage();
    }

    @Override
    public void close() {
        handlers.forEach(Handler::close);
    }
}
