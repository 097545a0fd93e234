package dev.vibe.runner.adapter.process;

import com.fasterxml.jackson.databind.JsonNode;
import dev.vibe.runner.application.port.out.AgentGoneException;
import dev.vibe.runner.domain.OutputLine;
import dev.vibe.runner.domain.UserMessage;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Claude Code's stream-json. The runner's own requests bear ids that nobody else makes, so only their answers are kept back.
 */
final class ClaudeDialect implements Dialect {
    private static final int MAX_UNANSWERED = 64;
    /** Claude itself answers within 0.6 to 4.7 s (2.1.197), and takes a message that comes first just as well. */
    private static final Duration TOLD_UNANSWERED_AFTER = Duration.ofSeconds(2);

    /** Not guessable, so that no message of a user is taken for ours. */
    private static final String RUNNER_PREFIX = "vibe-runner-" + UUID.randomUUID() + "-";

    /** In a line of type user, before the answer to set_model. */
    private static final String MODEL_SET = "<local-command-stdout>Set model to ";

    private static final AtomicLong DIALECTS = new AtomicLong();

    /** What its process knows of the conversation at its start. */
    enum Beginning {
        NEW,
        /** Claude had stored it. */
        RESUMED,
        /** It was to be resumed, and Claude had stored nothing of it. */
        LOST
    }

    private final Host host;
    private final ClaudeConversation conversation;
    private final Beginning beginning;
    private final String idPrefix = RUNNER_PREFIX + DIALECTS.incrementAndGet() + "-";

    private final ClaudeTurns turns;
    /** The feeder's thread only. */
    private final ClaudeUuids uuids;

    private final ClaudeRequested requested;
    /** What is set again in a new process: the settings by the ids of the runner's requests. */
    private final Map<String, String> restored = new ConcurrentHashMap<>();

    private final AtomicLong counter = new AtomicLong();
    private final String handshakeId = idPrefix + "initialize";
    /** The pump's thread only: it is known to be ready. */
    private boolean ready;

    private volatile boolean told;
    /** Requests of the runner that Claude has not answered. */
    private final Map<String, Boolean> unanswered = new ConcurrentHashMap<>();

    /**
     * @param settings what was set in the process before, {@link #settings}
     * @param stored whether the conversation has a message with this uuid from before this process; may look at files
     */
    ClaudeDialect(Host host, String sessionId, Beginning beginning, List<String> settings, Predicate<String> stored) {
        this.host = host;
        this.requested = new ClaudeRequested(settings);
        this.uuids = new ClaudeUuids(stored);
        this.conversation = new ClaudeConversation(sessionId);
        this.beginning = beginning;
        this.turns = new ClaudeTurns(beginning == Beginning.RESUMED);
    }

    @Override
    public void begin() {
        boolean ignored = host.stdin().offer(request(handshakeId, "initialize"));
        // At once, so that nothing that waits for Claude comes before: not even where it leaves the handshake
        // unanswered.
        for (String setting : requested.settings()) {
            String id = idPrefix + counter.incrementAndGet();
            restored.put(id, ClaudeRequested.subtype(setting));
            ignored = host.stdin().offer(requestOf(id, setting));
        }
    }

    @Override
    public boolean passes(OutputLine line) {
        return unanswered.isEmpty() && !requested.waits() && !ClaudeTurns.concernedBy(line.utf8());
    }

    @Override
    public @Nullable String heard(String line) {
        turns.heard(line);
        if (ClaudeTurns.begins(line)) {
            conversation.heard(line);
        }
        // Who talks is ready: a wrapper or another version may leave our handshake unanswered. Who was told something
        // may answer in any words.
        if (!ready && (told || turns.speaks(line))) {
            ready = true;
            host.ready();
        }
        // Looked into only while an answer is due, and for our own only where our id is in it.
        boolean ours = !unanswered.isEmpty() && line.contains(idPrefix);
        if (!ours && !(requested.waits() && ClaudeTurns.answers(line))) {
            return echoesOurs(line) ? null : line;
        }
        JsonNode message = MessageText.parse(line);
        if (message == null || !message.path("type").asText("").equals("control_response")) {
            return line;
        }
        JsonNode response = message.path("response");
        String id = response.path("request_id").asText("");
        boolean accepted = response.path("subtype").asText("").equals("success");
        if (unanswered.remove(id) == null) {
            requested.answered(id, accepted);
            return line;
        }
        String setting = restored.remove(id);
        if (setting != null && !accepted) {
            notRestored(setting, MessageText.reason(response.path("error").asText("no reason given")));
        }
        if (id.equals(handshakeId)) {
            if (accepted || message.has("truncated")) {
                host.ready();
            } else {
                host.handshakeFailed("Claude Code refused its handshake: "
                        + MessageText.reason(response.path("error").asText("no reason given")));
            }
        }
        return null;
    }

    /** What Claude says of a model it was given, as if its user had done it. */
    private boolean echoesOurs(String line) {
        return restored.containsValue(ClaudeRequested.MODEL)
                && line.contains(MODEL_SET)
                && ClaudeTurns.quotesUser(line);
    }

    /** A session must not do unasked what its user had forbidden. */
    private void notRestored(String setting, String why) {
        String what = "Claude Code refused to be set again as it was (" + setting + "): " + why;
        if (ClaudeRequested.restricts(setting)) {
            host.handshakeFailed(what);
        } else {
            host.say("vibe-runner: " + what);
        }
    }

    @Override
    public void send(UserMessage message) throws AgentGoneException, InterruptedException {
        switch (ClaudeMessages.of(message)) {
            case ClaudeMessage.Said(var line, var uuid) -> say(line, uuid);
            case ClaudeMessage.Interrupt _ -> interrupt();
            case ClaudeMessage.Request(var line, var requestId, var request) -> {
                requested.goesOut(requestId, request); // before its answer can come
                host.stdin().write(line);
            }
            case ClaudeMessage.Answer(var line, var requestId) -> {
                turns.answered(requestId);
                host.stdin().write(line);
            }
            case ClaudeMessage.Refused(var why) -> host.say("vibe-runner: " + why);
        }
    }

    private void say(String line, @Nullable String uuid) throws AgentGoneException, InterruptedException {
        if (uuid != null && uuids.repeated(uuid)) {
            host.say("vibe-runner: Claude Code has had the message with the uuid " + MessageText.shown(uuid)
                    + " before, and was not given it again");
            return;
        }
        told = true;
        turns.said();
        host.stdin().write(line);
    }

    @Override
    public void interrupt() throws AgentGoneException, InterruptedException {
        host.stdin().write(interruptRequest());
    }

    /** With the end of input alone Claude would finish its turn, and wait for the tool that runs. */
    @Override
    public void beforeStop() {
        boolean ignored = host.stdin().offer(interruptRequest());
    }

    @Override
    public boolean lostConversation() {
        return beginning == Beginning.LOST;
    }

    @Override
    public Duration toldUnansweredAfter() {
        return TOLD_UNANSWERED_AFTER;
    }

    @Override
    public boolean betweenTurns() {
        return turns.between();
    }

    @Override
    public List<String> settings() {
        return requested.settings();
    }

    @Override
    public boolean toldToEnd() {
        return requested.ending();
    }

    @Override
    public int completedTurns() {
        return turns.completed();
    }

    @Override
    public boolean turnUnderWay() {
        return turns.working();
    }

    @Override
    public String agentSessionId() {
        return conversation.id();
    }

    private String interruptRequest() {
        return request(idPrefix + counter.incrementAndGet(), "interrupt");
    }

    /** Both of characters that JSON does not escape. */
    private String request(String id, String subtype) {
        return requestOf(id, "{\"subtype\":\"" + subtype + "\"}");
    }

    private String requestOf(String id, String request) {
        if (unanswered.size() < MAX_UNANSWERED) {
            unanswered.put(id, true);
        }
        return "{\"type\":\"control_request\",\"request_id\":\"" + id + "\",\"request\":" + request + "}";
    }
}
