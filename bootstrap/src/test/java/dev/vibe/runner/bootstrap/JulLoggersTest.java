package dev.vibe.runner.bootstrap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What our code, and Java itself, log arrives in Java's own logging. */
@Timeout(20)
class JulLoggersTest {
    private static final String NAME = "dev.vibe.runner.test.JulLoggersTest";

    private final Logger jul = Logger.getLogger(NAME);
    private final List<LogRecord> heard = new ArrayList<>();
    private final Handler ear = new Handler() {
        @Override
        public void publish(LogRecord event) {
            heard.add(event);
        }

        @Override
        public void flush() {
            // Nothing is held back.
        }

        @Override
        public void close() {
            // Nothing is open.
        }
    };

    @BeforeEach
    void hear() {
        jul.setUseParentHandlers(false);
        jul.setLevel(Level.FINE);
        jul.addHandler(ear);
    }

    @AfterEach
    void stopHearing() {
        jul.removeHandler(ear);
    }

    @Test
    void aLineArrivesWithItsWordsLevelNameAndError() {
        org.slf4j.Logger logger = loggers().getLoggerFactory().getLogger(NAME);
        IllegalStateException error = new IllegalStateException("why");
        logger.debug("{} of {}", 1, "two");
        logger.info("plain {0}");
        logger.warn("{} failed", "it", error);
        logger.error("gone");
        assertEquals(
                List.of(Level.FINE, Level.INFO, Level.WARNING, Level.SEVERE),
                heard.stream().map(LogRecord::getLevel).toList());
        assertEquals(
                List.of("1 of two", "plain {0}", "it failed", "gone"),
                heard.stream().map(LogRecord::getMessage).toList());
        assertSame(error, heard.get(2).getThrown());
        assertTrue(heard.stream().allMatch(event -> event.getLoggerName().equals(NAME)));
    }

    @Test
    void whatIsNotWantedIsNotMade() {
        org.slf4j.Logger logger = loggers().getLoggerFactory().getLogger(NAME);
        jul.setLevel(Level.WARNING);
        assertFalse(logger.isInfoEnabled());
        assertTrue(logger.isWarnEnabled());
        logger.info("nobody hears");
        assertEquals(List.of(), heard);
    }

    @Test
    void whatJavaItselfLogsArrivesToo() {
        System.Logger logger = System.getLogger(NAME);
        logger.log(System.Logger.Level.WARNING, "the {0} of Java", "words");
        IllegalStateException error = new IllegalStateException("why");
        logger.log(System.Logger.Level.ERROR, "failed", error);
        logger.log(System.Logger.Level.TRACE, "nobody hears");
        assertEquals(
                List.of(Level.WARNING, Level.SEVERE),
                heard.stream().map(LogRecord::getLevel).toList());
        assertEquals("the words of Java", new java.util.logging.SimpleFormatter().formatMessage(heard.getFirst()));
        assertSame(error, heard.getLast().getThrown());
    }

    /** Where there is none that comes first, Java opens every jar when its logging begins. */
    @Test
    void javaFindsOursFirst() {
        assertInstanceOf(
                PlatformLoggers.class,
                ServiceLoader.load(System.LoggerFinder.class).findFirst().orElseThrow());
    }

    private static JulLoggers loggers() {
        JulLoggers loggers = new JulLoggers();
        loggers.initialize();
        return loggers;
    }
}
