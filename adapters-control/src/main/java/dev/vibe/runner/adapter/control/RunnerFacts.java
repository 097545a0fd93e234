package dev.vibe.runner.adapter.control;

import java.time.Instant;
import java.util.List;

/**
 * What is known of the runner beside its endpoint.
 *
 * @param version of the runner
 * @param pid of its Java process
 * @param server its URL
 * @param transport what is spoken to it
 * @param logFile empty for none
 * @param memoryBytes that its Java process holds; 0 where unknown
 * @param problems the last warnings and errors of its log, oldest first
 */
public record RunnerFacts(
        String version,
        long pid,
        String server,
        String transport,
        String logFile,
        long memoryBytes,
        List<Problem> problems) {

    /** A line of the log. */
    public record Problem(Instant at, String level, String text) {}
}
