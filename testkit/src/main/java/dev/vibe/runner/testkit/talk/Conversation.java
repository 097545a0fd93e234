package dev.vibe.runner.testkit.talk;

import com.fasterxml.jackson.databind.JsonNode;
import dev.vibe.runner.testkit.NodeServer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Predicate;

/** One session as the server's side leads it. */
public final class Conversation {
    private static final Duration PATIENCE = Duration.ofSeconds(45);
    private static final Set<String> OF_SESSIONS =
            Set.of("session:started", "message:from-claude", "session:ended", "session:error");

    private final NodeServer server;
    private final Agent agent;
    private final String id = UUID.randomUUID().toString();

    /** How many of the server's reports were looked at. */
    private int read;

    /** A session that is not asked for yet. */
    public Conversation(NodeServer server, Agent agent) {
        this.server = server;
        this.agent = agent;
    }

    /** Its id. */
    public String id() {
        return id;
    }

    /** Asks for the session; does not wait. */
    public void request(Map<String, String> fields) throws InterruptedException {
        Map<String, String> payload = new TreeMap<>(fields);
        payload.put("sessionId", id);
        payload.putIfAbsent("agentType", agent.type());
        server.emit("session:start", payload);
    }

    /** Starts the session and waits until it has. */
    public void start(Map<String, String> fields) throws InterruptedException {
        request(fields);
        awaitEvent("session:started");
    }

    /** Says something; does not wait. */
    public void say(Object message) throws InterruptedException {
        server.emit("message:send", Map.of("sessionId", id, "message", message));
    }

    /** Asks for the end of the turn; does not wait. */
    public void interrupt() throws InterruptedException {
        server.emit("session:interrupt", Map.of("sessionId", id));
    }

    /** Asks for the end of the session; does not wait. */
    public void stop() throws InterruptedException {
        server.emit("session:stop", Map.of("sessionId", id));
    }

    /** Says something and waits for the end of the turn. */
    public Turn turn(Object message) throws InterruptedException {
        say(message);
        return awaitTurn();
    }

    /** Waits for the end of a turn. */
    public Turn awaitTurn() throws InterruptedException {
        String words = "";
        while (true) {
            JsonNode message = awaitMessage(m -> agent.says(m) || agent.endsTurn(m));
            if (agent.endsTurn(message)) {
                return new Turn(words, message);
            }
            words = agent.words(message);
        }
    }

    /** Waits for a message of the agent; fails when the session ends before. */
    public JsonNode awaitMessage(Predicate<JsonNode> wanted) throws InterruptedException {
        while (true) {
            JsonNode report = next();
            String name = report.path("name").asText();
            if (name.startsWith("session:") && !name.equals("session:started")) {
                throw new AssertionError("the session is over: " + report);
            }
            JsonNode message = report.at("/payload/message");
            if (wanted.test(message)) {
                return message;
            }
        }
    }

    /** Waits for an event of this session and returns its payload; fails when another one ends the session before. */
    public JsonNode awaitEvent(String wanted) throws InterruptedException {
        while (true) {
            JsonNode report = next();
            String name = report.path("name").asText();
            if (name.equals(wanted)) {
                return report.path("payload");
            }
            if (name.equals("session:ended") || name.equals("session:error")) {
                throw new AssertionError("not " + wanted + " but " + report);
            }
        }
    }

    /** The next event of this session, whatever other conversations have read meanwhile. */
    private JsonNode next() throws InterruptedException {
        List<JsonNode> all = server.reports().awaitAll("event of session " + id, this::hasNext, PATIENCE);
        while (!ours(all.get(read))) {
            read++;
        }
        return all.get(read++);
    }

    private boolean hasNext(List<JsonNode> all) {
        return all.subList(read, all.size()).stream().anyMatch(this::ours);
    }

    private boolean ours(JsonNode report) {
        return OF_SESSIONS.contains(report.path("name").asText())
                && report.at("/payload/sessionId").asText().equals(id);
    }
}
