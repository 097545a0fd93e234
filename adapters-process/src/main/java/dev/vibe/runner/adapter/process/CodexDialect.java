package dev.vibe.runner.adapter.process;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.vibe.runner.application.port.out.AgentGoneException;
import dev.vibe.runner.domain.OutputLine;
import dev.vibe.runner.domain.UserMessage;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The app-server's JSON-RPC. The runner's own requests bear string ids that nobody else makes; their answers are kept back,
 * but for the refusal of a message, which the user must see.
 *
 * <p>A model's host that refuses connections makes Codex try again for ever (measured with 0.169.0, "waiting for network");
 * an interrupt ends the turn. Limits on time are not this class's.
 */
final class CodexDialect implements Dialect {
    private static final Logger LOG = LoggerFactory.getLogger(CodexDialect.class);
    /** With so many requests unanswered the runner makes none of its own; messages of the user's still go out. */
    private static final int MAX_UNANSWERED = 1_000;

    /** Of its answer to thread/resume: a thread is stored with its first message (measured with 0.169.0). */
    private static final String NOT_STORED = "no rollout found";

    private static final Duration INTERRUPT_PATIENCE = Duration.ofSeconds(5);

    /** Tokens and output as they come; the whole follows with the item's end. */
    private static final Set<String> DELTAS = Set.of(
            "item/agentMessage/delta",
            "item/plan/delta",
            "item/reasoning/summaryTextDelta",
            "item/reasoning/summaryPartAdded",
            "item/reasoning/textDelta",
            "item/commandExecution/outputDelta",
            "item/fileChange/outputDelta",
            "command/exec/outputDelta",
            "process/outputDelta");

    /** Comes only with the experimental part of the protocol, which the runner alone asked for. */
    private static final String READ_STATE = "thread/readState/changed";

    private enum Own {
        INITIALIZE,
        THREAD_START,
        TURN_START,
        INTERRUPT,
        INTERRUPT_AGAIN,
        INTERRUPT_CHILD,
        LIST_COMMANDS,
        END_COMMAND
    }

    /**
     * What a request of the runner's was.
     *
     * @param turnId of an interrupt
     * @param child the sub-agent's turn that it is about
     */
    private record Asked(Own own, @Nullable String turnId, CodexChildren.@Nullable Child child) {
        Asked(Own own) {
            this(own, null, null);
        }
    }

    private final Host host;
    private final Path directory;
    private final ProcessSettings settings;
    private final String idPrefix = "vibe-runner-" + UUID.randomUUID() + "-";
    private final AtomicLong counter = new AtomicLong();
    private final Map<String, Asked> unanswered = new ConcurrentHashMap<>();
    private final CodexPassing passing;
    private final CodexApprovals approvals;
    /** See {@link #settings}; of the process before. */
    private final List<String> left;

    private final CodexTurn turn;
    private final CodexSaid said = new CodexSaid();
    private final CodexChildren children = new CodexChildren();
    private final @Nullable String resume;
    /** The pump's thread only: a new conversation is begun, and none resumed. */
    private boolean anew;

    private volatile @Nullable String threadId;
    private volatile boolean ready;

    /**
     * @param resume the thread to go on with, null for a new one
     * @param left the {@link #settings} of the process before
     */
    CodexDialect(Host host, Path directory, ProcessSettings settings, @Nullable String resume, List<String> left) {
        this(host, directory, settings, resume, left, INTERRUPT_PATIENCE);
    }

    /** @param patience how long an interrupt waits for its turn to begin */
    CodexDialect(
            Host host,
            Path directory,
            ProcessSettings settings,
            @Nullable String resume,
            List<String> left,
            Duration patience) {
        this.resume = resume;
        anew = resume == null;
        this.threadId = resume;
        this.host = host;
        this.directory = directory;
        this.settings = settings;
        this.left = left;
        this.passing = new CodexPassing(settings.partialMessages() ? DELTAS : Set.of());
        this.approvals = new CodexApprovals(
                resume == null ? CodexIds.asTheyAre() : CodexIds.unlikeEarlier(System.currentTimeMillis()));
        this.turn = new CodexTurn(patience);
        turn.goesOn(resume != null);
    }

    @Override
    public void begin() {
        CodexPrompts.closing(left).forEach(host::pass);
        ObjectNode params = Json.object();
        params.putObject("clientInfo")
                .put("name", "vibe-runner")
                .put("title", "Vibe Cloud Runner")
                .put("version", settings.runnerVersion());
        // Commands that outlive an interrupt can be listed and ended only by the experimental part of the protocol.
        ObjectNode capabilities = params.putObject("capabilities").put("experimentalApi", true);
        ArrayNode unwanted = capabilities.putArray("optOutNotificationMethods").add(READ_STATE);
        if (!settings.partialMessages()) {
            DELTAS.stream().sorted().forEach(unwanted::add);
        }
        offer(Own.INITIALIZE, "initialize", params);
    }

    @Override
    public boolean passes(OutputLine line) {
        return passing.passes(line.utf8());
    }

    @Override
    public @Nullable String heard(String line) {
        CodexLine outside = CodexLine.of(line);
        if (outside == null) {
            return line;
        }
        String method = outside.method();
        String id = outside.id();
        if (method == null) {
            Asked asked = id == null ? null : unanswered.remove(id);
            return id == null || asked == null ? line : answered(id, asked, line);
        }
        if (id != null) {
            return approvals.asked(method, line, tree(line), threadId);
        }
        if (!settings.partialMessages() && DELTAS.contains(method)) {
            return null;
        }
        return notified(method, line);
    }

    private @Nullable String answered(String id, Asked asked, String line) {
        JsonNode answer = tree(line);
        JsonNode error = answer.path("error");
        boolean failed = answer.has("error");
        switch (asked.own()) {
            case INITIALIZE -> {
                if (failed) {
                    host.handshakeFailed("Codex refused initialize: "
                            + MessageText.reason(error.path("message").asText()));
                } else {
                    boolean ignored = host.stdin().offer("{\"method\":\"initialized\"}");
                    startThread();
                }
            }
            case THREAD_START -> {
                String thread = answer.path("result").path("thread").path("id").asText("");
                String reason = error.path("message").asText();
                if (failed && !anew && reason.contains(NOT_STORED)) {
                    anew = true;
                    turn.goesOn(false);
                    host.say(
                            "vibe-runner: Codex had not stored the conversation, which had no message yet; it begins anew");
                    startThread();
                } else if (failed || thread.isEmpty()) {
                    host.handshakeFailed("Codex refused " + (anew ? "thread/start: " : "thread/resume: ")
                            + MessageText.reason(reason));
                } else {
                    threadId = thread;
                    ready = true;
                    host.ready();
                }
            }
            case TURN_START -> {
                String turnId = answer.path("result").path("turn").path("id").asText(null);
                if (failed || turnId == null) {
                    turn.answered(null);
                    said.refused(id);
                } else {
                    turn.answered(turnId);
                    sayAgain(said.answered(id, turnId));
                }
                if (failed && answer instanceof ObjectNode refusal) {
                    refusal.putObject("request").put("method", "turn/start").put("threadId", threadId);
                    return ClaudeMessages.write(refusal);
                }
            }
            case INTERRUPT, INTERRUPT_AGAIN -> {
                String turnId = String.valueOf(asked.turnId());
                if (failed) {
                    interruptRefused(asked.own(), turnId, error);
                } else {
                    turn.interruptTaken(turnId);
                    offer(Own.LIST_COMMANDS, "thread/backgroundTerminals/list", thread());
                }
            }
            case INTERRUPT_CHILD -> {
                CodexChildren.Child child = asked.child();
                if (!failed && child != null) {
                    offer(
                            new Asked(Own.LIST_COMMANDS, null, child),
                            "thread/backgroundTerminals/list",
                            thread(child.threadId()));
                }
            }
            case LIST_COMMANDS ->
                endCommands(asked.child(), answer.path("result").path("data"));
            case END_COMMAND -> {}
        }
        if (failed) {
            LOG.debug("codex answered {} with {}", asked.own(), error);
        }
        return null;
    }

    /** Once more, in case it came a moment too early: who pressed stop must not find the turn run to its end without a word. */
    private void interruptRefused(Own own, String turnId, JsonNode error) {
        if (!turn.goesOn(turnId)) {
            return;
        }
        boolean again = own == Own.INTERRUPT && host.stdin().offer(interrupt(Own.INTERRUPT_AGAIN, turnId));
        if (!again) {
            notInterrupted("Codex refused it: "
                    + MessageText.shown(error.path("message").asText("no reason given")));
        }
    }

    private void notInterrupted(String why) {
        host.say("vibe-runner: the turn was not interrupted and goes on; " + why);
    }

    private String interrupt(Own own, String turnId) {
        return request(new Asked(own, turnId, null), "turn/interrupt", thread().put("turnId", turnId));
    }

    private void startThread() {
        ObjectNode params = Json.object().put("cwd", directory.toString());
        // With "untrusted" all but harmless commands are asked for. The sandbox beside it stays off: it needs user
        // namespaces, which a container rarely has, and an accepted command would then fail.
        params.put("approvalPolicy", settings.permissions() == PermissionMode.BYPASS ? "never" : "untrusted");
        params.put("sandbox", "danger-full-access");
        if (anew) {
            offer(Own.THREAD_START, "thread/start", params);
        } else {
            offer(
                    Own.THREAD_START,
                    "thread/resume",
                    params.put("threadId", resume).put("excludeTurns", true));
        }
    }

    /** A running command survives turn/interrupt; those of the interrupted turn are ended, older ones were meant to run on. */
    private void endCommands(CodexChildren.@Nullable Child child, JsonNode running) {
        Set<String> commands = child == null ? turn.interruptedCommands() : child.commands();
        String thread = child == null ? threadId : child.threadId();
        for (JsonNode command : running) {
            if (commands.contains(command.path("itemId").asText())) {
                ObjectNode params = thread(thread)
                        .put("processId", command.path("processId").asText());
                offer(Own.END_COMMAND, "thread/backgroundTerminals/terminate", params);
            }
        }
    }

    private String notified(String method, String line) {
        switch (method) {
            case "turn/started", "turn/completed", "item/started" -> {
                JsonNode params = tree(line).path("params");
                if (ofOurThread(params)) {
                    follow(method, params);
                } else {
                    followChild(method, params.path("threadId").asText(), params);
                }
            }
            case "serverRequest/resolved" -> {
                return approvals.resolved(line, tree(line));
            }
            default -> {}
        }
        return line;
    }

    /** Its sub-agents have threads of their own, and turns in them, on the same connection. */
    private boolean ofOurThread(JsonNode params) {
        return !params.has("threadId") || params.path("threadId").asText().equals(threadId);
    }

    private void follow(String method, JsonNode params) {
        String turnId = params.path("turn").path("id").asText();
        switch (method) {
            case "turn/started" -> turn.started(turnId);
            case "turn/completed" -> {
                boolean interrupted =
                        params.path("turn").path("status").asText("").equals("interrupted");
                turn.completed(turnId);
                if (interrupted) {
                    children.interrupted(turnId).forEach(this::interrupt);
                }
                sayAgain(said.ended(turnId, interrupted));
            }
            default -> {
                JsonNode item = params.path("item");
                switch (item.path("type").asText("")) {
                    case "commandExecution" -> turn.command(item.path("id").asText());
                    case "userMessage" -> takenUp(item.path("clientId").asText(""));
                    default -> {}
                }
            }
        }
    }

    private void followChild(String method, String thread, JsonNode params) {
        JsonNode itsTurn = params.path("turn");
        String turnId = itsTurn.path("id").asText();
        switch (method) {
            case "turn/started" -> {
                String root = itsTurn.path("rootTurnId").asText(turn.current());
                CodexChildren.Child late = children.started(thread, turnId, String.valueOf(root));
                if (late != null) {
                    interrupt(late);
                }
            }
            case "turn/completed" -> children.completed(thread, turnId);
            default -> {
                JsonNode item = params.path("item");
                if (item.path("type").asText("").equals("commandExecution")) {
                    children.command(thread, item.path("id").asText());
                }
            }
        }
    }

    private void interrupt(CodexChildren.Child child) {
        offer(
                new Asked(Own.INTERRUPT_CHILD, null, child),
                "turn/interrupt",
                thread(child.threadId()).put("turnId", child.turnId()));
    }

    private void takenUp(String id) {
        if (id.startsWith(idPrefix)) {
            said.takenUp(id);
        }
    }

    /** What a turn has dropped becomes the next. */
    private void sayAgain(List<CodexSaid.Message> dropped) {
        long lost = dropped.stream().filter(message -> !saidAgain(message)).count();
        if (lost > 0) {
            host.say("vibe-runner: " + lost
                    + " of the messages that Codex dropped with the interrupted turn could not be"
                    + " given to it again");
        }
    }

    private boolean saidAgain(CodexSaid.Message message) {
        if (!message.again()) {
            return false;
        }
        String id = nextId();
        if (host.stdin().offer(turnStart(id, tree(String.valueOf(message.input())), message.times() + 1))) {
            return true;
        }
        unanswered.remove(id);
        turn.answered(null);
        said.refused(id);
        return false;
    }

    private String turnStart(String id, JsonNode input, int times) {
        said.said(id, input, times, turn.current());
        turn.asked();
        ObjectNode params = thread();
        params.set("input", input);
        params.put("clientUserMessageId", id);
        return request(id, new Asked(Own.TURN_START), "turn/start", params);
    }

    @Override
    public void send(UserMessage message) throws AgentGoneException, InterruptedException {
        switch (CodexMessage.of(message)) {
            case CodexMessage.Turn(var input) -> host.stdin().write(turnStart(nextId(), input, 1));
            case CodexMessage.RpcAnswer(var answer) -> {
                CodexApproval approval = approvals.take(answer.path("id").asText());
                if (approval == null) {
                    tooLate(answer.path("id").asText());
                    return;
                }
                ObjectNode line = Json.object();
                line.set("id", approval.id());
                String field = answer.has("result") ? "result" : "error";
                line.set(field, answer.path(field));
                host.stdin().write(ClaudeMessages.write(line));
            }
            case CodexMessage.ControlAnswer(var requestId, var response) -> {
                if (requestId.isEmpty()) {
                    host.say("vibe-runner: a control_response was not passed on to Codex: it names no request_id");
                    return;
                }
                CodexApproval approval = approvals.take(requestId);
                if (approval == null) {
                    tooLate(requestId);
                    return;
                }
                host.stdin().write(ClaudeMessages.write(approval.answer(response)));
            }
            case CodexMessage.Interrupt _ -> interrupt();
        }
    }

    private void tooLate(String id) {
        host.say("vibe-runner: Codex does not wait for an answer to request " + MessageText.shown(id) + " (any more)");
    }

    @Override
    public void interrupt() throws AgentGoneException, InterruptedException {
        String current = turn.interrupted();
        if (current != null) {
            host.stdin().write(interrupt(Own.INTERRUPT, current));
        } else if (turn.underWay()) {
            notInterrupted("Codex has not answered the message before yet");
        } else {
            children.interrupted().forEach(this::interrupt); // they work on in the background, for a turn that is over
        }
    }

    /** The end of its input is enough: the app-server drops its turn and ends its commands. */
    @Override
    public void beforeStop() {}

    @Override
    public boolean betweenTurns() {
        return turn.between();
    }

    /**
     * Not what was set but what was asked: the process that comes next says that it is over, see {@link CodexPrompts}. What this one has said of
     * the process before is on its way until it is ready: if it were forgotten sooner and the runner died, nobody would say it.
     */
    @Override
    public List<String> settings() {
        return ready ? approvals.open() : left;
    }

    @Override
    public int completedTurns() {
        return turn.completed();
    }

    @Override
    public boolean turnUnderWay() {
        return turn.underWay() && approvals.none();
    }

    @Override
    public @Nullable String agentSessionId() {
        return threadId;
    }

    private ObjectNode thread() {
        return thread(threadId);
    }

    private static ObjectNode thread(@Nullable String id) {
        return Json.object().put("threadId", id);
    }

    private void offer(Own own, String method, ObjectNode params) {
        offer(new Asked(own), method, params);
    }

    private void offer(Asked asked, String method, ObjectNode params) {
        if (unanswered.size() >= MAX_UNANSWERED || !host.stdin().offer(request(asked, method, params))) {
            LOG.debug("codex does not read its input: {} is dropped", method);
        }
    }

    private String nextId() {
        return idPrefix + counter.incrementAndGet();
    }

    private String request(Asked asked, String method, ObjectNode params) {
        return request(nextId(), asked, method, params);
    }

    private String request(String id, Asked asked, String method, ObjectNode params) {
        unanswered.put(id, asked);
        ObjectNode request = Json.object().put("id", id).put("method", method);
        request.set("params", params);
        return ClaudeMessages.write(request);
    }

    private static JsonNode tree(String line) {
        try {
            return Json.read(line);
        } catch (JsonProcessingException e) {
            return Json.object();
        }
    }
}
