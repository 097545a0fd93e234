package dev.vibe.runner.localserver;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.Collectors;

/** What is logged as a warning or worse, by anybody, from now on until it is closed. */
final class Complaints extends Handler implements AutoCloseable {
    private final Logger root = Logger.getLogger("");
    private final List<LogRecord> records = new CopyOnWriteArrayList<>();

    Complaints() {
        root.addHandler(this);
    }

    @Override
    public void publish(LogRecord record) {
        if (record.getLevel().intValue() >= Level.WARNING.intValue()) {
            records.add(record);
        }
    }

    /** What was said. */
    String text() {
        return records.stream()
                .map(record -> record.getMessage() + (record.getThrown() == null ? "" : " " + record.getThrown()))
                .collect(Collectors.joining("\n"));
    }

    /** How often a stack trace was printed. */
    long stackTraces() {
        return records.stream().filter(record -> record.getThrown() != null).count();
    }

    @Override
    public void flush() {}

    @Override
    public void close() {
        root.removeHandler(this);
    }
}
