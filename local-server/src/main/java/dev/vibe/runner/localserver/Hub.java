package dev.vibe.runner.localserver;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.vibe.runner.protocol.EventNames;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a vibe-server does: knows endpoints and sessions, gives each session to the endpoint that offers its agent and is least
 * loaded, keeps what no endpoint takes for the next registration, and drops messages that come twice. One lock; nothing in here
 * blocks.
 */
final class Hub {
    private static final Logger LOG = LoggerFactory.getLogger(Hub.class);
    private static final int MAX_SESSIONS = 1000;

    private final Tokens tokens;
    private final HubListener listener;
    private final Map<String, EndpointEntry> endpoints = new LinkedHashMap<>(); // guarded by this
    private final Map<String, SessionEntry> sessions = new LinkedHashMap<>(); // guarded by this
    private final Histories histories; // guarded by this
    private final List<Watcher> watchers = new ArrayList<>(); // guarded by this

    Hub(Tokens tokens, HubListener listener) {
        this(tokens, listener, Histories.BUDGET);
    }

    /** @param budget how many bytes all that was said may take */
    Hub(Tokens tokens, HubListener listener, long budget) {
        this.tokens = tokens;
        this.listener = listener;
        histories = new Histories(budget);
    }

    /** Whether endpoints may connect with this token. */
    boolean connects(@Nullable String offered) {
        return offered != null && tokens.connects(offered);
    }

    // --- runners

    /** An event of a runner; what makes no sense is ignored. */
    synchronized void received(Peer peer, String event, JsonNode payload) {
        switch (event) {
            case EventNames.REGISTER -> register(peer, payload);
            case EventNames.HEARTBEAT -> heartbeat(peer, payload);
            case EventNames.UNREGISTER -> unregister(peer);
            case EventNames.SESSION_STARTED -> started(payload);
            case EventNames.MESSAGE_FROM_AGENT -> message(payload);
            case EventNames.SESSION_ENDED ->
                over(payload, SessionEntry.State.ENDED, payload.path("reason").asText(""));
            case EventNames.SESSION_ERROR ->
                over(payload, SessionEntry.State.FAILED, payload.path("error").asText(""));
            default -> LOG.debug("ignored the unknown event {}", event);
        }
        listener.received(event, payload);
    }

    /** A runner's connection is gone. */
    synchronized void disconnected(Peer peer) {
        for (EndpointEntry endpoint : endpoints.values()) {
            if (endpoint.peer == peer) {
                endpoint.peer = null;
                tellEndpoints();
            }
        }
        listener.disconnected();
    }

    /** Says something to every connected endpoint. */
    synchronized void broadcast(String event, JsonNode payload) {
        endpoints.values().stream()
                .map(endpoint -> endpoint.peer)
                .filter(Objects::nonNull)
                .forEach(peer -> peer.emit(event, payload));
    }

    /** The newest seq of each session, for a runner that asks what must be sent again. */
    synchronized ObjectNode newest() {
        ObjectNode newest = Wire.object();
        for (SessionEntry session : sessions.values()) {
            if (session.newestSeq >= 0) {
                newest.put(session.id, session.newestSeq);
            }
        }
        return newest;
    }

    private void register(Peer peer, JsonNode payload) {
        String id = payload.path("endpointId").asText("");
        if (!tokens.registers(payload.path("authToken").asText("")) || id.isEmpty()) {
            peer.emit(EventNames.ERROR, Wire.object().put("message", "Invalid auth token"));
            return;
        }
        EndpointEntry endpoint = endpoints.computeIfAbsent(id, _ -> new EndpointEntry(id, payload));
        endpoint.registered(peer, payload);
        ObjectNode answer = Wire.object().put("endpointId", id);
        if (peer instanceof PlainPeer) {
            answer.set("resume", newest());
        }
        peer.emit(EventNames.REGISTERED, answer);
        for (SessionEntry session : sessions.values()) {
            if (session.state == SessionEntry.State.STARTING && id.equals(session.endpoint)) {
                peer.emit(EventNames.SESSION_START, session.start);
            }
        }
        startPending();
        tellEndpoints();
    }

    private void heartbeat(Peer peer, JsonNode payload) {
        EndpointEntry endpoint = endpoints.get(payload.path("endpointId").asText());
        if (endpoint != null && endpoint.peer == peer) {
            endpoint.heard(payload);
            tellEndpoints();
        }
    }

    private void unregister(Peer peer) {
        List<String> left = endpoints.values().stream()
                .filter(endpoint -> endpoint.peer == peer)
                .map(endpoint -> endpoint.id)
                .toList();
        left.forEach(endpoints::remove);
        for (SessionEntry session : sessions.values()) {
            if (session.endpoint != null && left.contains(session.endpoint) && !session.state.over()) {
                over(session, SessionEntry.State.FAILED, "its endpoint has left");
            }
        }
        tellEndpoints();
    }

    private void started(JsonNode payload) {
        SessionEntry session = session(payload);
        if (session != null && !session.state.over()) {
            session.begun(SessionEntry.State.RUNNING);
            mark(session, "started", "");
        }
    }

    private void message(JsonNode payload) {
        SessionEntry session = session(payload);
        long seq = payload.path("seq").asLong(-1);
        if (session == null || (seq >= 0 && seq <= session.newestSeq)) {
            return; // unknown, or sent again after a reconnection
        }
        session.newestSeq = Math.max(session.newestSeq, seq);
        ObjectNode entry = Wire.object()
                .put("from", "agent")
                .put("at", System.currentTimeMillis())
                .put("channel", payload.path("type").asText());
        entry.set("message", payload.path("message"));
        add(session, entry);
        active(session, activity -> activity.agentSaid(payload.path("message")));
    }

    private void over(JsonNode payload, SessionEntry.State state, String detail) {
        SessionEntry session = session(payload);
        if (session != null && !session.state.over()) {
            over(session, state, detail);
            startPending();
            tellEndpoints();
        }
    }

    private void over(SessionEntry session, SessionEntry.State state, String detail) {
        session.over(state, detail);
        release(session);
        histories.close(session.history);
        mark(session, state == SessionEntry.State.ENDED ? "ended" : "failed", detail);
    }

    private @Nullable SessionEntry session(JsonNode payload) {
        return sessions.get(payload.path("sessionId").asText());
    }

    private void release(SessionEntry session) {
        endpoints.values().forEach(endpoint -> endpoint.sessions.remove(session.id));
    }

    // --- people

    /** Follows what happens from now on, and is told first what is. */
    synchronized void watch(Watcher watcher) {
        watchers.add(watcher);
        watcher.changed("endpoints", endpointList());
        sessions.values().forEach(session -> watcher.changed("session", Wire.text(session.describe())));
    }

    /** Ends {@link #watch}. */
    synchronized void unwatch(Watcher watcher) {
        watchers.remove(watcher);
    }

    /** Asks for a session; returns its id. It waits where no endpoint takes it yet. */
    synchronized String start(String agentType, @Nullable String directory, @Nullable JsonNode message) {
        String id = UUID.randomUUID().toString();
        ObjectNode start = Wire.object().put("sessionId", id).put("agentType", agentType);
        if (directory != null && !directory.isBlank()) {
            start.put("workingDirectory", directory);
        }
        if (message != null && !message.isNull() && !message.asText("x").isEmpty()) {
            start.set("initialMessage", message);
        }
        SessionEntry session = new SessionEntry(id, agentType, start, histories.open());
        while (sessions.size() >= MAX_SESSIONS && forgetOldest()) {}
        sessions.put(id, session);
        if (start.has("initialMessage")) {
            addUser(session, start.get("initialMessage"));
        }
        startPending();
        tell(session);
        tellEndpoints();
        return id;
    }

    /** Says something to a session's agent; false where it does not run. */
    synchronized boolean say(String id, JsonNode message) {
        SessionEntry session = sessions.get(id);
        Peer peer = session == null ? null : peer(session);
        if (session == null || peer == null) {
            return false;
        }
        ObjectNode payload = Wire.object().put("sessionId", id);
        payload.set("message", message);
        peer.emit(EventNames.MESSAGE_SEND, payload);
        addUser(session, message);
        return true;
    }

    /** Sends {@code session:interrupt} or {@code session:stop}; false where the session does not run. */
    synchronized boolean order(String id, String event) {
        SessionEntry session = sessions.get(id);
        if (session != null && session.state == SessionEntry.State.PENDING && event.equals(EventNames.SESSION_STOP)) {
            over(Wire.object().put("sessionId", id), SessionEntry.State.ENDED, "stopped before it began");
            return true;
        }
        Peer peer = session == null ? null : peer(session);
        if (session == null || peer == null) {
            return false;
        }
        peer.emit(event, Wire.object().put("sessionId", id));
        mark(session, event.equals(EventNames.SESSION_STOP) ? "stop asked" : "interrupt asked", "");
        return true;
    }

    /** Whether there is, or was not long ago, such a session. */
    synchronized boolean knows(String id) {
        return sessions.containsKey(id);
    }

    /** All sessions, as JSON. */
    synchronized byte[] sessionList() {
        return Wire.bytes(Wire.JSON.valueToTree(
                sessions.values().stream().map(SessionEntry::describe).toList()));
    }

    /** What was said in a session, from an entry on, as JSON; empty where there is no such session. */
    synchronized Optional<byte[]> history(String id, long from, long atMost) {
        return Optional.ofNullable(sessions.get(id)).map(session -> session.history.from(from, atMost));
    }

    private void startPending() {
        for (SessionEntry session : sessions.values()) {
            if (session.state == SessionEntry.State.PENDING) {
                endpoints.values().stream()
                        .filter(endpoint -> endpoint.takes(session.agentType))
                        .min(Comparator.comparingDouble(EndpointEntry::load))
                        .ifPresent(endpoint -> give(session, endpoint));
            }
        }
    }

    private void give(SessionEntry session, EndpointEntry endpoint) {
        session.state = SessionEntry.State.STARTING;
        session.endpoint = endpoint.id;
        endpoint.sessions.add(session.id);
        Peer peer = endpoint.peer;
        if (peer != null) {
            peer.emit(EventNames.SESSION_START, session.start);
        }
        tell(session);
    }

    private @Nullable Peer peer(SessionEntry session) {
        EndpointEntry endpoint =
                session.endpoint == null || session.state.over() ? null : endpoints.get(session.endpoint);
        return endpoint == null ? null : endpoint.peer;
    }

    private boolean forgetOldest() {
        return sessions.values().stream()
                .filter(session -> session.state.over())
                .findFirst()
                .map(session -> sessions.remove(session.id))
                .map(session -> {
                    histories.forget(session.history);
                    return session;
                })
                .isPresent();
    }

    private void addUser(SessionEntry session, JsonNode message) {
        ObjectNode entry = Wire.object().put("from", "user").put("at", System.currentTimeMillis());
        entry.set("message", message);
        add(session, entry);
        active(session, activity -> activity.userSaid(message));
    }

    private void active(SessionEntry session, Consumer<Activity> said) {
        String before = session.activity.name();
        said.accept(session.activity);
        if (!before.equals(session.activity.name())) {
            tell(session);
        }
    }

    private void mark(SessionEntry session, String what, String detail) {
        add(
                session,
                Wire.object()
                        .put("from", "server")
                        .put("at", System.currentTimeMillis())
                        .put("marker", what)
                        .put("detail", detail));
        tell(session);
    }

    private void add(SessionEntry session, ObjectNode entry) {
        String text = Wire.text(entry);
        long number = histories.add(session.history, text.getBytes(StandardCharsets.UTF_8));
        if (!watchers.isEmpty()) {
            String json = "{\"sessionId\":" + Wire.JSON.valueToTree(session.id) + ",\"number\":" + number
                    + ",\"entry\":" + text + "}";
            tell("message", json);
        }
    }

    private void tell(SessionEntry session) {
        tell("session", Wire.text(session.describe()));
    }

    private void tellEndpoints() {
        tell("endpoints", endpointList());
    }

    private String endpointList() {
        return Wire.text(Wire.JSON.valueToTree(
                endpoints.values().stream().map(EndpointEntry::describe).toList()));
    }

    private void tell(String kind, String json) {
        List.copyOf(watchers).forEach(watcher -> watcher.changed(kind, json));
    }
}
