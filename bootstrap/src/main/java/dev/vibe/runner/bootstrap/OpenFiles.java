package dev.vibe.runner.bootstrap;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** The limit of open files: connections, pipes to agents, the journal's files and Java's own count. */
final class OpenFiles {
    /** A registered runner has 43, and for moments some more. */
    private static final int OWN = 64;

    /** Three pipes, a file of the journal, and something for the moment of its start. */
    private static final int PER_SESSION = 5;

    private static final String NAME = "the limit of open files (ulimit -n)";

    private OpenFiles() {}

    /** Empty where there is none, or the system does not tell. Java has raised its soft limit to the hard one. */
    static OptionalLong limit(Path proc) throws IOException {
        List<String> limits = Files.readAllLines(proc.resolve("self/limits"), StandardCharsets.ISO_8859_1);
        return limits.stream()
                .filter(line -> line.startsWith("Max open files "))
                .map(line -> line.split("\\s+", -1)[3])
                .filter(soft -> soft.matches("\\d{1,18}"))
                .mapToLong(Long::parseLong)
                .findFirst();
    }

    /** Says that so many sessions do not fit into a limit; null where they do. */
    static @Nullable String tooFew(long limit, int sessions) {
        long needed = OWN + (long) PER_SESSION * sessions;
        return limit >= needed ? null : NAME + " is " + limit + ": " + sessions + " sessions need " + needed;
    }

    /** What to say to whom a failed start is due to this limit; null where it is not. */
    static @Nullable String reasonOfFailure(Path proc) {
        String remedy = "; the runner needs " + OWN + ", and " + PER_SESSION + " more for each session: raise it";
        try {
            OptionalLong limit = limit(proc);
            return limit.isPresent() && limit.getAsLong() < OWN ? NAME + " is " + limit.getAsLong() + remedy : null;
        } catch (IOException failed) {
            // Which it is cannot be read then either.
            return String.valueOf(failed.getMessage()).contains("Too many open files")
                    ? NAME + " is too low" + remedy
                    : null;
        }
    }
}
