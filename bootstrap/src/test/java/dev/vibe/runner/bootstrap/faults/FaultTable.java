package dev.vibe.runner.bootstrap.faults;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;

/** The table of what was done and what came of it: {@code target/faults.md}, one row for each fault. */
final class FaultTable {
    private static final Path FILE = Path.of("target/faults.md");
    private static final String HEAD = """
            | fault | how | lines | lost | out of order | repeated | repeated, KB a fault |
            |---|---|---|---|---|---|---|
            """;

    private FaultTable() {}

    /** Adds a row, or replaces the one of an earlier run. */
    static void add(String fault, String how, int times, Ledger ledger) throws IOException {
        Map<String, String> rows = new LinkedHashMap<>();
        if (Files.exists(FILE)) {
            Files.readAllLines(FILE).stream()
                    .skip(2)
                    .forEach(row -> rows.put(row.substring(2, row.indexOf(" | ")), row));
        }
        String row = String.format(
                Locale.ROOT,
                "| %s | %s | %d | %d | %d | %d | %.0f |",
                fault,
                how,
                ledger.lines(),
                ledger.lost(),
                ledger.misplaced(),
                ledger.repeats(),
                ledger.repeatBytes() / 1_000.0 / Math.max(1, times));
        rows.put(fault, row);
        System.out.println(row);
        StringJoiner text = new StringJoiner("\n", HEAD, "\n");
        rows.values().forEach(text::add);
        Files.writeString(FILE, text.toString());
    }
}
