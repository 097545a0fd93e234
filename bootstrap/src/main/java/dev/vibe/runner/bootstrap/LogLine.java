package dev.vibe.runner.bootstrap;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.temporal.ChronoUnit;
import java.util.logging.Formatter;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/** One log record as one line (text, unless a stack trace follows) or one JSON object. Runs on the logging thread. */
final class LogLine extends Formatter {
    private final LogFormat format;
    private final Redactor redactor;

    LogLine(LogFormat format, Redactor redactor) {
        this.format = format;
        this.redactor = redactor;
    }

    @Override
    public String format(LogRecord event) {
        String message = redactor.redact(formatMessage(event));
        Throwable thrown = event.getThrown();
        String trace = thrown == null ? null : redactor.redact(trace(thrown));
        String time = event.getInstant().truncatedTo(ChronoUnit.MILLIS).toString();
        String session = MDC.get("session");
        return switch (format) {
            case TEXT -> text(event, time, session, message, trace);
            case JSON -> json(event, time, session, message, trace);
        };
    }

    private static String text(
            LogRecord event, String time, @Nullable String session, String message, @Nullable String trace) {
        StringBuilder out = new StringBuilder(160).append(time).append(' ');
        out.append(String.format("%-5s ", level(event.getLevel())));
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
