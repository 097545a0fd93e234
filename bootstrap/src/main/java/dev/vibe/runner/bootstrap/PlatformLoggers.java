package dev.vibe.runner.bootstrap;

import java.util.ResourceBundle;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * What Java itself logs goes to Java's own logging, as it would without this class. But Java asks every jar of the class path for such a
 * class when its logging begins, until one has it: opening them all took a tenth of the main thread's start (async-profiler, JDK 25).
 */
public final class PlatformLoggers extends System.LoggerFinder {
    /** For Java's {@link java.util.ServiceLoader}. */
    public PlatformLoggers() {}

    @Override
    public System.Logger getLogger(String name, Module module) {
        return new Platform(Logger.getLogger(name));
    }

    private record Platform(Logger logger) implements System.Logger {
        @Override
        public String getName() {
            return logger.getName();
        }

        @Override
        public boolean isLoggable(Level level) {
            return logger.isLoggable(jul(level));
        }

        @Override
        public void log(
                Level level, @Nullable ResourceBundle bundle, @Nullable String message, @Nullable Throwable thrown) {
            if (isLoggable(level)) {
                log(jul(level), bundle, message, thrown, null);
            }
        }

        @Override
        public void log(
                Level level, @Nullable ResourceBundle bundle, @Nullable String format, Object @Nullable ... arguments) {
            if (isLoggable(level)) {
                log(jul(level), bundle, format, null, arguments);
            }
        }

        private void log(
                java.util.logging.Level level,
                @Nullable ResourceBundle bundle,
                @Nullable String message,
                @Nullable Throwable thrown,
                Object @Nullable [] arguments) {
            LogRecord record = new LogRecord(level, message);
            record.setLoggerName(logger.getName());
            record.setResourceBundle(bundle);
            record.setThrown(thrown);
            record.setParameters(arguments);
            logger.log(record);
        }

        private static java.util.logging.Level jul(Level level) {
            return switch (level) {
                case ALL -> java.util.logging.Level.ALL;
                case TRACE -> java.util.logging.Level.FINER;
                case DEBUG -> java.util.logging.Level.FINE;
                case INFO -> java.util.logging.Level.INFO;
                case WARNING -> java.util.logging.Level.WARNING;
                case ERROR -> java.util.logging.Level.SEVERE;
                case OFF -> java.util.logging.Level.OFF;
            };
        }
    }
}
