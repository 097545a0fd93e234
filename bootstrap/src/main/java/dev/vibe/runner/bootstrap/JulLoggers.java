package dev.vibe.runner.bootstrap;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.logging.Logger;
import org.slf4j.ILoggerFactory;
import org.slf4j.jul.JULServiceProvider;

/** SLF4J's binding to Java's own logging with {@link JulLogger}; the launcher names it ({@code -Dslf4j.provider}). */
public final class JulLoggers extends JULServiceProvider {
    private final ConcurrentMap<String, JulLogger> loggers = new ConcurrentHashMap<>();
    private final ILoggerFactory factory =
            name -> loggers.computeIfAbsent(name, known -> new JulLogger(Logger.getLogger(known)));

    /** For SLF4J. */
    public JulLoggers() {}

    @Override
    public ILoggerFactory getLoggerFactory() {
        return factory;
    }
}
