package dev.vibe.runner.bootstrap;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import java.util.logging.Formatter;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/** One log record as one line (text, unless a stack trace follows) or one JSON object. Runs on the logging thread. */
final class LogLine extends Formatter {
    private static final int LEVEL_WIDTH = "DEBUG ".length();
    private static final int NANOS_PER_MILLI = 1_000_000;

    /** The last second's text: Java's own formatting of a time is a hundred calls, which a young process interprets. */
    private static volatile Second second = new Second(0, "1970-01-01T00:00:00");

    private final LogFormat format;
    private final Redactor redactor;

    private record Second(long number, String text) {}

    LogLine(LogFormat format, Redactor redactor) {
        this.format = format;
        this.redactor = redactor;
    }

    @Override
    public String format(LogRecord event) {
        String message = redactor.redact(formatMessage(event));
        Throwable thrown = event.getThrown();
        String trace = thrown == null ? null : redactor.redact(trace(thrown));
        String time = time(event.getInstant());
        String session = MDC.get("session");
        return switch (format) {
            case TEXT -> text(event, time, session, message, trace);
            case JSON -> json(event, time, session, message, trace);
        };
    }

    /** To the millisecond, in UTC, all of one length. */
    private static String time(Instant instant) {
        Second known = second;
        if (known.number != instant.getEpochSecond()) {
            String text = Instant.ofEpochSecond(instant.getEpochSecond()).toString();
            known = new Second(instant.getEpochSecond(), text.substring(0, text.length() - 1));
            second = known;
        }
        int millis = instant.getNano() / NANOS_PER_MILLI;
        return known.text + (millis < 10 ? ".00" : millis < 100 ? ".0" : ".") + millis + 'Z';
    }

    private static String text(
            LogRecord event, String time, @Nullable String session, String message, @Nullable String trace) {
        StringBuilder out = new StringBuilder(160).append(time).append(' ');
        String level = level(event.getLevel());
        out.append(level).append(" ".repeat(LEVEL_WIDTH - level.length()));
        if (session != null) {
            out.append('[').append(oneLine(session)).append("] ");
        }
        out.append(source(event)).append(": ").append(oneLine(message)).append('\n');
        return trace == null ? out.toString() : out.append(trace).toString();
    }

    private static String json(
            LogRecord event, String time, @Nullable String session, String message, @Nullable String trace) {
        JsonObject out = new JsonObject()
                .put("time", time)
                .put("level", level(event.getLevel()))
                .put("logger", String.valueOf(event.getLoggerName()));
        if (session != null) {
            out.put("session", session);
        }
        out.put("message", message);
        if (trace != null) {
            out.put("error", trace);
        }
        return out + "\n";
    }

    private static String level(Level level) {
        int value = level.intValue();
        if (value >= Level.SEVERE.intValue()) {
            return "ERROR";
        }
        if (value >= Level.WARNING.intValue()) {
            return "WARN";
        }
        if (value >= Level.INFO.intValue()) {
            return "INFO";
        }
        return value >= Level.FINE.intValue() ? "DEBUG" : "TRACE";
    }

    private static String source(LogRecord event) {
        String name = String.valueOf(event.getLoggerName());
        return name.substring(name.lastIndexOf('.') + 1);
    }

    /** What a server or an agent says must not forge a log line. */
    private static String oneLine(String text) {
        StringBuilder out = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append(' ');
                default -> out.append(Character.isISOControl(c) ? '\uFFFD' : c);
            }
        }
        return out.toString();
    }

    private static String trace(Throwable thrown) {
        StringWriter out = new StringWriter();
        thrown.printStackTrace(new PrintWriter(out));
        return out.toString();
    }
}
