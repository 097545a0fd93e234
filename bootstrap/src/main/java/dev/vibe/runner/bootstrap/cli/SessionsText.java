package dev.vibe.runner.bootstrap.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Sessions as a table. */
final class SessionsText {
    private static final List<String> HEADING = List.of(
            "SESSION",
            "AGENT",
            "STATE",
            "AGE",
            "TURN",
            "PID",
            "MEMORY",
            "CPU",
            "LINES",
            "BYTES",
            "QUEUE",
            "UNCONFIRMED");

    private SessionsText() {}

    static String table(JsonNode sessions) {
        List<List<String>> rows = new ArrayList<>(List.of(HEADING));
        sessions.forEach(session -> rows.add(row(session)));
        return Words.table(rows);
    }

    private static List<String> row(JsonNode session) {
        return List.of(
                text(session, "id"),
                text(session, "agent"),
                text(session, "state"),
                Words.time(Duration.ofSeconds(session.path("ageSeconds").asLong())),
                turn(session),
                session.path("pid").isNull() ? "-" : session.path("pid").asText(),
                session.path("memoryBytes").isNull()
                        ? "-"
                        : Words.bytes(session.path("memoryBytes").asLong()),
                session.path("cpuMillis").isNull()
                        ? "-"
                        : Words.time(Duration.ofMillis(session.path("cpuMillis").asLong())),
                session.path("lines").asText(),
                Words.bytes(session.path("bytes").asLong()),
                session.path("inputs").asText(),
                session.path("unconfirmed").asText());
    }

    private static String turn(JsonNode session) {
        JsonNode turn = session.path("turnMillis");
        boolean working = session.path("working").asBoolean();
        if (turn.isNull()) {
            return working ? "working" : "-";
        }
        return Words.time(Duration.ofMillis(turn.asLong())) + (working ? "" : ", waits");
    }

    private static String text(JsonNode of, String name) {
        return Words.clean(of.path(name).asText());
    }
}
