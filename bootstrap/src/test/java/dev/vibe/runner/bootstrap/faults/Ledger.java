package dev.vibe.runner.bootstrap.faults;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What a server received of some sessions, judged.
 *
 * @param lost holes in the numbers, of messages or of lines
 * @param misplaced messages out of order, before the start or after the end
 * @param problems everything that is wrong, in words
 */
record Ledger(long lines, long lost, long misplaced, long repeats, long repeatBytes, List<String> problems) {

    /** @param wholeLines how many lines a session that ended by itself must have said */
    static Ledger of(JsonNode counts, int wholeLines) {
        List<String> problems = new ArrayList<>();
        long lines = 0;
        long lost = 0;
        long misplaced = 0;
        long repeats = 0;
        long repeatBytes = 0;
        for (var session : counts.properties()) {
            JsonNode count = session.getValue();
            Set<String> terminals = new HashSet<>();
            count.path("terminals").forEach(each -> terminals.add(each.asText()));
            boolean whole = terminals.stream().anyMatch(each -> each.startsWith("session:ended"));
            long missing =
                    count.path("gaps").asLong() + count.path("wrongLines").asLong();
            if (whole) {
                missing += Math.abs(wholeLines - count.path("lines").asLong());
            }
            long wrong = count.path("disorder").asLong()
                    + count.path("afterEnd").asLong()
                    + count.path("beforeStart").asLong();
            // A runner killed between a launch and its announcement tells of the end only.
            boolean announced = count.path("started").asLong() > 0
                    || (!whole && count.path("count").asLong() == 0);
            if (missing + wrong > 0 || terminals.size() != 1 || !announced) {
                problems.add(session.getKey() + " " + count);
            }
            lines += count.path("lines").asLong();
            lost += missing;
            misplaced += wrong;
            repeats += count.path("repeats").asLong();
            repeatBytes += count.path("repeatBytes").asLong();
        }
        return new Ledger(lines, lost, misplaced, repeats, repeatBytes, problems);
    }
}
