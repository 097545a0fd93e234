package dev.vibe.runner.application;

import dev.vibe.runner.application.port.in.EndpointView;
import dev.vibe.runner.application.port.in.SessionView;
import dev.vibe.runner.application.port.out.AgentPort;
import dev.vibe.runner.application.port.out.Outbox;
import dev.vibe.runner.application.port.out.SavedSession;
import dev.vibe.runner.application.port.out.SessionRequest;
import dev.vibe.runner.application.port.out.SessionStore;
import dev.vibe.runner.application.port.out.Telemetry;
import dev.vibe.runner.domain.AgentInfo;
import dev.vibe.runner.domain.AgentType;
import dev.vibe.runner.domain.Capabilities;
import dev.vibe.runner.domain.ServerCommand;
import dev.vibe.runner.domain.SessionEvent;
import dev.vibe.runner.domain.SessionId;
import dev.vibe.runner.domain.StopCause;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The sessions of this endpoint: starts them while there is room, and finds the one a command is for. Never blocks. */
final class SessionManager {
    private static final Logger LOG = LoggerFactory.getLogger(SessionManager.class);

    private final EndpointSettings settings;
    private final Map<AgentType, AgentPort> agents;
    private final Outbox outbox;
    private final Runnable carry;
    private final SentEnds ends;
    private final SessionStore store;
    private final Telemetry telemetry;
    private final InboxBudget budget;
    private final LaunchPool launches = new LaunchPool();
    private final RecentSessions recent = new RecentSessions();
    private final Numbering numbering = new Numbering();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition left = lock.newCondition();
    private final Sparingly aboutUnknown = new Sparingly(System::nanoTime);
    private final Sparingly aboutMalformed = new Sparingly(System::nanoTime);
    private final Sparingly aboutRepeated = new Sparingly(System::nanoTime);

    /** Guarded by lock: those that hold a slot. */
    private final Map<SessionId, Session> live = new LinkedHashMap<>();

    /** Guarded by lock: what begins once a session that is ending has ended, that of the same id or one whose slot it gets; the oldest first. */
    private final Map<SessionId, WaitingStart> waiting = new LinkedHashMap<>();

    /** Guarded by lock: what ended sessions carried. */
    private long endedLines;

    private long endedBytes;

    /** Guarded by lock: sessions whose terminal event is not in the outbox yet, slot or no slot. */
    private int unfinished;

    /** Guarded by lock. */
    private boolean closed;

    /** @param carry called when lines have entered the outbox */
    SessionManager(
            EndpointSettings settings,
            List<AgentPort> agents,
            Outbox outbox,
            Runnable carry,
            SentEnds ends,
            SessionStore store,
            Telemetry telemetry) {
        this.settings = settings;
        this.agents = agents.stream().collect(Collectors.toUnmodifiableMap(AgentPort::type, agent -> agent));
        this.outbox = outbox;
        this.carry = carry;
        this.ends = ends;
        this.store = store;
        this.telemetry = telemetry;
        this.budget = new InboxBudget(settings.maxSessions());
    }

    /** What is true now: the agents found on this machine at this moment. */
    Capabilities capabilities() {
        List<AgentInfo> found = agents.values().stream()
                .flatMap(agent -> agent.detect().stream())
                .sorted((a, b) -> a.type().name().compareTo(b.type().name()))
                .toList();
        return new Capabilities(settings.maxSessions(), found);
    }

    /** The server has these numbers, and all below, of what sessions said. */
    void told(Map<SessionId, Long> newest) {
        numbering.told(newest);
    }

    void start(ServerCommand.StartSession command) {
        Runnable rest;
        lock.lock();
        try {
            rest = isRepeated(command.sessionId()) || waitsForAnEnd(command) ? () -> {} : admit(command);
        } finally {
            lock.unlock();
        }
        rest.run();
    }

    /** Under lock. */
    private boolean isRepeated(SessionId id) {
        Session running = live.get(id);
        if (waiting.containsKey(id) || (running != null && !(running.ending() && ends.contains(id)))) {
            aboutRepeated.log(
                    remark -> LOG.info("session {} runs already: the repeated start changes nothing{}", id, remark));
            return true;
        }
        if (endsUnheard(id)) {
            aboutRepeated.log(remark -> LOG.info(
                    "session {} has just ended and the server will learn it: the repeated start is ignored{}",
                    id,
                    remark));
            return true;
        }
        return false;
    }

    /**
     * Under lock. The server may know of an end before all is over here: it has asked for it, or the terminal event is confirmed before
     * the session's thread gets to say so.
     */
    private boolean waitsForAnEnd(ServerCommand.StartSession command) {
        SessionId id = command.sessionId();
        boolean waits = endsStill(id) || waitsForASlot(command);
        if (waits) {
            LOG.info("session {} is to be started once {} has ended", id, endsStill(id) ? "it" : "another");
            waiting.put(id, new WaitingStart(command, budget));
        }
        return waits;
    }

    /** Under lock. */
    private boolean endsStill(SessionId id) {
        return live.containsKey(id) || recent.isEnding(id);
    }

    /** Under lock. Whether a slot is about to be free that nobody else waits for. */
    private boolean waitsForASlot(ServerCommand.StartSession command) {
        int most = settings.maxSessions();
        if (closed || !agents.containsKey(command.agentType()) || live.size() + promised() < most) {
            return false;
        }
        return ending() + most - live.size() > waiting.size();
    }

    /** Under lock. How many slots are taken by nobody, or about to be free, and those who wait are to get them: not who comes in between. */
    private int promised() {
        return (int)
                waiting.keySet().stream().filter(id -> !live.containsKey(id)).count();
    }

    /** Under lock. How many slots are about to be free. Not a matter of what was said on the present link: they stay so when it breaks. */
    private long ending() {
        return live.values().stream().filter(Session::ending).count();
    }

    /** Under lock; the rest is to be done without it. */
    private Runnable admit(ServerCommand.StartSession command) {
        SessionId id = command.sessionId();
        AgentPort agent = agents.get(command.agentType());
        WaitingStart waited = waiting.remove(id);
        int taken = live.size() + (waited == null ? promised() : 0);
        String refusal = refusal(command.agentType(), agent, taken);
        if (refusal != null || agent == null) {
            if (waited != null) {
                waited.withdraw();
            }
            return () -> {
                telemetry.start(agent == null ? null : agent.type(), Telemetry.Start.REFUSED);
                if (refuse(id, String.valueOf(refusal))) {
                    recent.ended(id);
                }
            };
        }
        SessionRequest request = new SessionRequest(id, settings.endpointId(), command.workingDirectory());
        Session session = add(request, agent, numbering.first(id));
        // Still under the lock: whoever finds the session from now on speaks after these.
        if (waited != null) {
            waited.handOver(session);
        } else if (command.initialMessage() != null) {
            session.beginWith(command.initialMessage());
        }
        return () -> run(session);
    }

    private static void run(Session session) {
        try {
            var _ = Threads.startWaiting("session-" + session.id(), session);
        } catch (OutOfMemoryError noThread) {
            session.cannotRun(noThread);
        }
    }

    /**
     * Servers say pending starts again at a registration. An end that the server cannot know yet makes a start such a repetition:
     * taken for a start anew, the agent would do everything twice. It is the same with the refusal of a start, which answers the
     * repetition too; but the refusal of another command, for a session that never was, is no answer to a start.
     */
    private boolean endsUnheard(SessionId id) {
        return (recent.isEnding(id) || outbox.holds(id)) && !recent.isUnknown(id) && !ends.contains(id);
    }

    /** Under lock. */
    private Session add(SessionRequest request, AgentPort agent, long nextSeq) {
        SessionStream stream = new SessionStream(
                request.sessionId(), settings.endpointId(), outbox, carry, nextSeq, settings.dropWhenFull());
        Session session = new Session(
                request, agent, stream, store, settings, budget, launches, telemetry, this::freeSlot, this::gone);
        ends.begun(request.sessionId());
        live.put(request.sessionId(), session);
        unfinished++;
        return session;
    }

    /** Goes on with the sessions that ran when an earlier process of this runner died, or tells of their end. */
    void recover() {
        for (SavedSession saved : store.saved()) {
            SessionLog.about(saved.id(), () -> recover(saved));
        }
    }

    private void recover(SavedSession saved) {
        AgentPort agent = agents.get(saved.agent());
        String conversation = saved.agentSessionId();
        if (saved.ending() != null) {
            LOG.info("session {} was being ended when the runner died", saved.id());
            over(saved, ended(saved, saved.ending()));
            return;
        }
        boolean goesOn = conversation != null && agent != null && agent.resumes();
        boolean untold = saved.unsaid() != null; // its agent has not been given anything: it can begin again
        if (agent == null || !settings.resume() || !(goesOn || untold)) {
            LOG.warn("session {} ran when the runner died, and cannot be resumed", saved.id());
            over(saved, failed(saved, "the runner was restarted while this session ran; its agent was ended"));
            return;
        }
        LOG.info("session {} ran when the runner died: resuming it", saved.id());
        SessionRequest request = new SessionRequest(
                saved.id(),
                settings.endpointId(),
                saved.workingDirectory(),
                goesOn ? conversation : null,
                saved.settings());
        Session session;
        lock.lock();
        try {
            session = add(request, agent, saved.nextSeq());
            if (saved.unsaid() != null) {
                session.beginWith(saved.unsaid());
            }
        } finally {
            lock.unlock();
        }
        run(session);
    }

    /** A session of an earlier process, whose agent has been ended. */
    private void over(SavedSession saved, SessionEvent terminal) {
        numbering.ended(saved.id(), saved.nextSeq());
        recent.ended(saved.id());
        outbox.append(terminal);
    }

    private SessionEvent ended(SavedSession saved, StopCause why) {
        return switch (why) {
            case StopCause.Requested _ -> new SessionEvent.Ended(saved.id(), settings.endpointId(), "stopped", null);
            case StopCause.Shutdown _ -> new SessionEvent.Ended(saved.id(), settings.endpointId(), "shutdown", null);
            case StopCause.Violation(var reason) -> failed(saved, reason);
        };
    }

    private SessionEvent failed(SavedSession saved, String error) {
        return new SessionEvent.Failed(saved.id(), settings.endpointId(), error);
    }

    private @Nullable String refusal(AgentType type, @Nullable AgentPort agent, int taken) {
        if (closed) {
            return "the runner is shutting down";
        }
        if (agent == null) {
            String known =
                    agents.keySet().stream().map(AgentType::name).sorted().collect(Collectors.joining(", "));
            return "unknown agent type \"" + type + "\"; this runner knows: " + known;
        }
        if (taken >= settings.maxSessions()) {
            return "at capacity: " + Math.min(taken, settings.maxSessions()) + " of " + settings.maxSessions()
                    + " sessions run (MAX_CONCURRENT_SESSIONS)";
        }
        return null;
    }

    void message(ServerCommand.SendMessage command) {
        SessionInput input = new SessionInput.Message(command.message());
        if (saidToOneThatWaits(command.sessionId(), input)) {
            return;
        }
        Session session = find(command.sessionId(), "a message");
        if (session != null) {
            session.deliver(input);
        }
    }

    private boolean saidToOneThatWaits(SessionId id, SessionInput input) {
        lock.lock();
        try {
            WaitingStart start = waiting.get(id);
            if (start == null) {
                return false;
            }
            if (!start.say(input)) {
                Session ending = live.get(id);
                String text =
                        "a message was dropped: too much was said to a session that begins once this one has ended";
                aboutRepeated.log(remark -> LOG.warn("session {}: {}{}", id, text, remark));
                if (ending != null) {
                    ending.notice("message-refused", text);
                }
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    void interrupt(ServerCommand.InterruptSession command) {
        SessionInput input = new SessionInput.Interrupt();
        if (saidToOneThatWaits(command.sessionId(), input)) {
            return;
        }
        Session session = find(command.sessionId(), "an interrupt");
        if (session != null) {
            session.deliver(input);
        }
    }

    void stop(ServerCommand.StopSession command) {
        SessionId id = command.sessionId();
        if (withdrawn(id)) {
            outbox.append(new SessionEvent.Ended(id, settings.endpointId(), "stopped", null));
            return;
        }
        Session session = find(id, "a stop");
        if (session != null) {
            ends.asked(id);
            session.stop(new StopCause.Requested());
        } else if (recent.contains(id) && !recent.isUnknown(id)) {
            ends.asked(id);
        }
    }

    /**
     * Takes back a start that waits. Returns whether that was all there is of this session; where it waited for the end of an earlier one of that name, the
     * end of that is the end of both.
     */
    private boolean withdrawn(SessionId id) {
        lock.lock();
        try {
            WaitingStart start = waiting.remove(id);
            if (start == null) {
                return false;
            }
            start.withdraw();
            if (endsStill(id)) {
                return false;
            }
            recent.ended(id);
            return true;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Answers a command that made no sense. A session that runs is told in its stream: {@code session:error} would end
     * it for the server, and so it would one that is about to. One that has ended has had its end, unless it is to be started anew.
     */
    void malformed(ServerCommand.Malformed command) {
        aboutMalformed.log(remark -> LOG.warn("malformed {}: {}{}", command.event(), command.problem(), remark));
        SessionId id = command.sessionId();
        if (id == null) {
            return;
        }
        String text = "malformed " + command.event() + ": " + command.problem();
        Session session = running(id);
        if (session != null) {
            session.notice("malformed-command", text);
        } else if (waits(id)) {
            LOG.info("session {} is to be started all the same", id);
        } else if (!command.asksForSession()) {
            refuseUnlessEnded(id, "a malformed " + command.event(), text);
        } else if (endsUnheard(id)) {
            ignored("a malformed start", id);
        } else if (refuse(id, text)) {
            recent.ended(id);
        }
    }

    private @Nullable Session find(SessionId id, String what) {
        Session session = running(id);
        if (session == null) {
            refuseUnlessEnded(id, what, "unknown session: this runner has no session \"" + id + "\"");
        }
        return session;
    }

    private void refuseUnlessEnded(SessionId id, String what, String reason) {
        // What waits in the outbox for a session that does not run ends with its end, be it of an earlier process.
        if (recent.contains(id) || outbox.holds(id)) {
            ignored(what, id);
        } else if (refuse(id, reason)) {
            recent.unknown(id);
        }
    }

    private void ignored(String what, SessionId id) {
        aboutRepeated.log(remark -> LOG.info("{} for session {}, which has ended: ignored{}", what, id, remark));
    }

    private boolean waits(SessionId id) {
        lock.lock();
        try {
            return waiting.containsKey(id);
        } finally {
            lock.unlock();
        }
    }

    private @Nullable Session running(SessionId id) {
        lock.lock();
        try {
            return live.get(id);
        } finally {
            lock.unlock();
        }
    }

    /** Returns whether there is room for that answer. */
    private boolean refuse(SessionId id, String reason) {
        boolean answered = outbox.offer(new SessionEvent.Failed(id, settings.endpointId(), reason));
        aboutUnknown.log(remark -> LOG.warn(
                "session {} refused: {}{}{}",
                id,
                reason,
                answered ? "" : " (too many answers wait for the server: this one is dropped)",
                remark));
        return answered;
    }

    private void freeSlot(Session session) {
        recent.ending(session.id());
        ends.unsaid(session.id());
        lock.lock();
        try {
            live.remove(session.id());
            endedLines += session.tally().lines();
            endedBytes += session.tally().bytes();
        } finally {
            lock.unlock();
        }
    }

    private void gone(Session session) {
        numbering.ended(session.id(), session.nextSeq());
        recent.ended(session.id());
        List<Runnable> rest = new ArrayList<>();
        lock.lock();
        try {
            int before = 0;
            for (WaitingStart each : List.copyOf(waiting.values())) {
                boolean aSlotIsToCome = live.size() >= settings.maxSessions() && ending() > before;
                if (endsStill(each.command().sessionId()) || aSlotIsToCome) {
                    before++;
                } else {
                    rest.add(admit(each.command()));
                }
            }
        } finally {
            lock.unlock();
        }
        rest.forEach(Runnable::run); // before a shutdown takes this for the last that is said
        lock.lock();
        try {
            unfinished--;
            left.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** No session starts any more; every running one is ended. */
    void close() {
        for (Session session : running(true)) {
            session.stop(new StopCause.Shutdown());
        }
    }

    /** Ends every agent by force. */
    void killAll() {
        for (Session session : running(true)) {
            session.kill();
        }
    }

    /** What all sessions carried so far. */
    EndpointView.Totals totals() {
        lock.lock();
        try {
            return new EndpointView.Totals(
                    endedLines
                            + live.values().stream()
                                    .mapToLong(session -> session.tally().lines())
                                    .sum(),
                    endedBytes
                            + live.values().stream()
                                    .mapToLong(session -> session.tally().bytes())
                                    .sum());
        } finally {
            lock.unlock();
        }
    }

    /** Those that hold a slot now, as seen from outside. */
    List<SessionView> views() {
        return running().stream()
                .map(session -> session.view(outbox.size(session.id())))
                .toList();
    }

    /** Those that hold a slot now. */
    List<Session> running() {
        return running(false);
    }

    private List<Session> running(boolean close) {
        lock.lock();
        try {
            closed |= close;
            return new ArrayList<>(live.values());
        } finally {
            lock.unlock();
        }
    }

    /** Waits until every session's terminal event is in the outbox, at most {@code atMost}; returns how many are left. */
    int awaitAllGone(Duration atMost) throws InterruptedException {
        long nanos = atMost.toNanos();
        lock.lockInterruptibly();
        try {
            while (unfinished > 0 && nanos > 0) {
                nanos = left.awaitNanos(nanos);
            }
            return unfinished;
        } finally {
            lock.unlock();
        }
    }

    int unfinished() {
        lock.lock();
        try {
            return unfinished;
        } finally {
            lock.unlock();
        }
    }
}
