package dev.vibe.runner.bootstrap.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** A runner's state for people. */
final class StatusText {
    private static final int SHOWN_PROBLEMS = 5;
    private static final int SHOWN_CHANGES = 8;

    private StatusText() {}

    static String of(JsonNode runner) {
        JsonNode connection = runner.path("connection");
        JsonNode delivery = runner.path("delivery");
        StringBuilder out = new StringBuilder();
        line(
                out,
                "runner",
                "vibe-runner " + text(runner, "version") + ", endpoint " + text(runner, "endpoint") + ", pid "
                        + runner.path("pid").asLong() + ", up " + since(runner, "startedAt") + ", "
                        + Words.bytes(runner.path("memoryBytes").asLong()));
        line(
                out,
                "server",
                text(runner, "server") + " over " + text(runner, "transport") + ": " + text(connection, "state")
                        + " for " + since(connection, "since") + ", " + roundTrip(connection)
                        + connection.path("reconnects").asLong() + " reconnects");
        line(out, "agents", agents(runner));
        line(
                out,
                "delivery",
                delivery.path("unconfirmed").asLong() + " events wait for the server ("
                        + Words.bytes(delivery.path("bytes").asLong()) + "), "
                        + delivery.path("resent").asLong() + " sent again, "
                        + runner.path("totals").path("lines").asLong() + " lines ("
                        + Words.bytes(runner.path("totals").path("bytes").asLong()) + ") carried"
                        + (delivery.path("problem").isNull() ? "" : "; " + text(delivery, "problem")));
        line(
                out,
                "sessions",
                runner.path("sessions").size() + " of "
                        + runner.path("maxSessions").asInt());
        if (!runner.path("sessions").isEmpty()) {
            out.append(SessionsText.table(runner.path("sessions")).indent(2));
        }
        history(out, connection.path("history"));
        problems(out, runner.path("problems"));
        return out.toString();
    }

    private static void line(StringBuilder out, String name, String value) {
        out.append(String.format("%-9s %s%n", name, value));
    }

    private static String roundTrip(JsonNode connection) {
        return connection.path("roundTripMillis").isNull()
                ? ""
                : "round trip " + connection.path("roundTripMillis").asText() + " ms, ";
    }

    private static String agents(JsonNode runner) {
        String found = StreamSupport.stream(runner.path("agents").spliterator(), false)
                .map(agent ->
                        text(agent, "type") + (agent.path("version").isNull() ? "" : " " + text(agent, "version")))
                .collect(Collectors.joining(", "));
        return found.isEmpty() ? "none found; vibe-runner doctor says more" : found;
    }

    private static void history(StringBuilder out, JsonNode history) {
        out.append("connection history\n");
        for (JsonNode change : last(history, SHOWN_CHANGES)) {
            int times = change.path("times").asInt();
            out.append("  ").append(clock(change)).append("  ");
            out.append(String.format("%-10s  %s", text(change, "state"), text(change, "why")));
            out.append(times > 1 ? " (" + times + " times)" : "").append('\n');
        }
    }

    private static void problems(StringBuilder out, JsonNode problems) {
        if (problems.isEmpty()) {
            return;
        }
        out.append("last warnings and errors\n");
        for (JsonNode problem : last(problems, SHOWN_PROBLEMS)) {
            out.append("  ").append(clock(problem)).append("  ");
            out.append(String.format("%-5s  %s%n", text(problem, "level"), text(problem, "text")));
        }
    }

    private static List<JsonNode> last(JsonNode array, int count) {
        List<JsonNode> all = new ArrayList<>();
        array.forEach(all::add);
        return all.subList(Math.max(0, all.size() - count), all.size());
    }

    private static String text(JsonNode of, String name) {
        return Words.clean(of.path(name).asText());
    }

    private static String since(JsonNode of, String name) {
        return Words.time(Duration.between(Instant.parse(of.path(name).asText()), Instant.now()));
    }

    private static String clock(JsonNode entry) {
        return Instant.parse(entry.path("at").asText())
                .truncatedTo(ChronoUnit.SECONDS)
                .toString();
    }
}
