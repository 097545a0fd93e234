package dev.vibe.runner.testkit.recorded;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * A conversation as it is kept in a file: one JSON object a line, {@code {"t":12,"link":1,"kind":"server","text":"0{...}"}}.
 *
 * @param entries in the order in which they happened
 */
public record Recording(List<Entry> entries) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Keeps a copy. */
    public Recording {
        entries = List.copyOf(entries);
    }

    /**
     * Reads a file.
     *
     * @throws IOException also when a line of it is no entry; the message names the line
     */
    public static Recording read(Path file) throws IOException {
        List<Entry> entries = new ArrayList<>();
        try (BufferedReader lines = Files.newBufferedReader(file)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                entries.add(entry(line, file + ", line " + (entries.size() + 1)));
            }
        }
        return new Recording(entries);
    }

    /** Writes a file anew. */
    public void write(Path file) throws IOException {
        StringBuilder out = new StringBuilder();
        for (Entry entry : entries) {
            ObjectNode line = JSON.createObjectNode()
                    .put("t", entry.atMs())
                    .put("link", entry.link())
                    .put("kind", entry.kind().name().toLowerCase(Locale.ROOT))
                    .put("text", entry.text());
            out.append(line).append('\n');
        }
        Files.createDirectories(file.toAbsolutePath().getParent());
        Files.writeString(file, out);
    }

    /** What is the same each time, in a form for people and comparisons; see {@link Normal}. */
    public List<String> normal() {
        Set<Integer> left = new HashSet<>();
        List<String> lines = new ArrayList<>();
        for (Entry entry : entries) {
            // Once one side has left, the other may leave as well, and either may close first: chance.
            boolean parting = left.contains(entry.link()) && (Normal.isClose(entry) || Normal.isLeaving(entry));
            if (!parting && !Normal.passing(entry)) {
                lines.add(Normal.of(entry));
            }
            if (Normal.isLeaving(entry)) {
                left.add(entry.link());
            }
        }
        return lines;
    }

    private static Entry entry(String line, String where) throws IOException {
        try {
            JsonNode node = JSON.readTree(line);
            return new Entry(
                    node.required("t").longValue(),
                    node.required("link").intValue(),
                    Entry.Kind.valueOf(node.required("kind").textValue().toUpperCase(Locale.ROOT)),
                    node.required("text").textValue());
        } catch (IOException | IllegalArgumentException wrong) {
            throw new IOException(where + " is no entry of a recording: " + wrong.getMessage(), wrong);
        }
    }
}
