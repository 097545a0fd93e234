package dev.vibe.runner.bootstrap.replay;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Writes a recorded session for reading, line by line. */
public final class Replay {
    private static final int SHORT = 12;
    private static final int MARGIN = 9;

    private final boolean whole;
    private final boolean times;
    private final Consumer<String> out;

    /**
     * A replay of one recording.
     *
     * @param whole show long texts in full, and what is only between programs
     * @param times show when, where the recording says it
     * @param out told each line; nothing in it moves a terminal's cursor
     */
    public Replay(boolean whole, boolean times, Consumer<String> out) {
        this.whole = whole;
        this.times = times;
        this.out = out;
    }

    /** Shows one line of the recording. */
    public void line(String line) {
        if (line.isBlank()) {
            return;
        }
        Entry entry = Entry.read(line);
        for (Shown shown : shown(entry)) {
            print(entry.millis(), shown);
        }
    }

    private List<Shown> shown(Entry entry) {
        return switch (entry.way()) {
            case COMMAND -> List.of(new Shown("command", entry.text()));
            case ERR -> List.of(new Shown("stderr", entry.text()));
            case EXIT -> List.of(new Shown("exit", entry.text()));
            case IN, OUT -> {
                JsonNode json = entry.json();
                if (json == null) {
                    yield List.of(new Shown(entry.way() == Entry.Way.IN ? "user" : "agent", entry.text()));
                }
                List<Shown> known = new ArrayList<>(ClaudeLines.of(json));
                if (known.isEmpty()) {
                    known.addAll(CodexLines.of(json));
                }
                yield known.isEmpty() && whole ? List.of(new Shown("raw", entry.text())) : known;
            }
        };
    }

    private void print(@Nullable Long millis, Shown shown) {
        String time = times && millis != null ? String.format("%9.3f  ", millis / 1000.0) : "";
        List<String> lines = shown.text().lines().toList();
        int count = whole ? lines.size() : Math.min(lines.size(), SHORT);
        String margin = " ".repeat(time.length() + MARGIN);
        for (int i = 0; i < Math.max(1, count); i++) {
            String text = clean(lines.isEmpty() ? "" : lines.get(i));
            out.accept(((i == 0 ? time + String.format("%-" + MARGIN + "s", shown.who()) : margin) + text)
                    .stripTrailing());
        }
        if (lines.size() > count) {
            out.accept(margin + "... " + (lines.size() - count) + " more lines (--full)");
        }
    }

    /** What an agent printed must not speak to the terminal: its colours go, what else there is becomes visible. */
    private static String clean(String text) {
        StringBuilder shown = new StringBuilder(text.length());
        text.replaceAll("\u001b\\[[0-9;]*m", "")
                .replace("\t", "    ")
                .codePoints()
                .forEach(point -> shown.appendCodePoint(
                        Character.isISOControl(point) || Character.getType(point) == Character.FORMAT
                                ? 0xFFFD
                                : point));
        return shown.toString();
    }
}
