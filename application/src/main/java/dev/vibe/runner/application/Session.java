package dev.vibe.runner.application;

import dev.vibe.runner.application.port.in.SessionView;
import dev.vibe.runner.application.port.out.AgentLaunchException;
import dev.vibe.runner.application.port.out.AgentPort;
import dev.vibe.runner.application.port.out.RunningAgent;
import dev.vibe.runner.application.port.out.SessionRequest;
import dev.vibe.runner.application.port.out.SessionStore;
import dev.vibe.runner.application.port.out.Telemetry;
import dev.vibe.runner.domain.Channel;
import dev.vibe.runner.domain.ExitStatus;
import dev.vibe.runner.domain.Outcome;
import dev.vibe.runner.domain.OutputLine;
import dev.vibe.runner.domain.SessionEvent;
import dev.vibe.runner.domain.SessionId;
import dev.vibe.runner.domain.SessionState;
import dev.vibe.runner.domain.SessionState.Signal;
import dev.vibe.runner.domain.StopCause;
import dev.vibe.runner.domain.UserMessage;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One session, from its start to its terminal event. {@link #run} is its whole life, on a virtual thread of its own: "started,
 * messages, ended" is the order of its statements, and every death leaves by the same exit. What may wait for a disk or a process
 * is done apart. All other methods come from any thread and never block.
 */
final class Session implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(Session.class);

    private final SessionRequest request;
    private final boolean recovered;
    private final AgentPort port;
    private final SessionStream stream;
    private final EndpointSettings settings;
    private final LaunchPool launches;
    private final Telemetry telemetry;
    private final Consumer<Session> freeSlot;
    private final Consumer<Session> gone;
    private final SessionInbox inbox;
    private final Resumption resumption;
    private final AtomicReference<SessionState> state = new AtomicReference<>(new SessionState.Starting());
    private final StderrTail stderr = new StderrTail();
    private final SessionWatch watch;
    private final Tally tally = new Tally();
    private final TurnClock turns = new TurnClock();
    private final Keepsake keepsake;

    private final long startedNanos = System.nanoTime();

    /** Written by whoever brings something for the agent and by the run thread. */
    private volatile long activityNanos = startedNanos;

    /** Written by whoever passes lines on: one waits for room. */
    private volatile boolean held;

    /** Written by the run thread only, before the signal Launched. */
    private volatile @Nullable RunningAgent agent;

    /**
     * @param request with a conversation to resume if an earlier process of this runner died while the session ran
     * @param freeSlot called when nothing of the session runs any more, before its terminal event
     * @param gone called after its terminal event has entered the outbox
     */
    Session(
            SessionRequest request,
            AgentPort port,
            SessionStream stream,
            SessionStore store,
            EndpointSettings settings,
            InboxBudget budget,
            LaunchPool launches,
            Telemetry telemetry,
            Consumer<Session> freeSlot,
            Consumer<Session> gone) {
        this.request = request;
        this.recovered = request.resume() != null;
        this.port = port;
        this.stream = stream;
        this.keepsake = new Keepsake(request, port.type(), store, this::stopCause);
        this.settings = settings;
        this.inbox = new SessionInbox(budget);
        this.watch = new SessionWatch(settings.limits());
        this.resumption = new Resumption(settings.resume() && port.resumes());
        if (recovered) {
            stream.goesOn();
        }
        this.launches = launches;
        this.telemetry = telemetry;
        this.freeSlot = freeSlot;
        this.gone = gone;
    }

    SessionId id() {
        return request.sessionId();
    }

    /**
     * Queues something for the agent. A session whose agent lets its queue run full is ended with an error; one that finds no
     * room because of others' loses the message, and is told: its agent may only be starting.
     */
    void deliver(SessionInput input) {
        boolean ignored = taken(input);
    }

    private boolean taken(SessionInput input) {
        activityNanos = System.nanoTime();
        if (input instanceof SessionInput.Message) {
            turns.message(activityNanos);
        }
        if (inbox.offer(input)) {
            return true;
        }
        turns.refused();
        if (inbox.hoards()) {
            stop(new StopCause.Violation("the agent does not read its input: " + inbox.size() + " messages wait"));
        } else {
            messageRefused();
        }
        return false;
    }

    /** Says that there was no room for a message. */
    void messageRefused() {
        notice("message-refused", "this message was dropped: too much waits for the agents of this runner's sessions");
    }

    /** What the session begins with, before it runs and before all else. Kept until the agent has been given it, whatever becomes of this process. */
    void beginWith(UserMessage message) {
        if (taken(new SessionInput.Message(message))) {
            keepsake.beginsWith(message);
        }
    }

    private void given(SessionInput input) {
        if (input instanceof SessionInput.Message(var message)) {
            keepsake.given(message);
            RunningAgent running = agent;
            if (running != null && running.betweenTurns()) {
                turns.refused(); // no turn comes of it: a request to the agent itself, or one that it has had before
            }
        }
    }

    /** Ends the session; the first cause counts. */
    void stop(StopCause cause) {
        SessionState before = state.getAndUpdate(current -> current.on(new Signal.Stop(cause)));
        boolean first = before instanceof SessionState.Starting || before instanceof SessionState.Running;
        RunningAgent running = agent;
        if (first && running != null) {
            stopAgent(running);
        }
    }

    /** Ends the agent by force, if there is one. */
    void kill() {
        RunningAgent running = agent;
        if (running != null) {
            running.kill();
        }
    }

    /** Says something in the session's stream in the runner's own name; not without end. */
    void notice(String code, String text) {
        stream.notice(code, text);
    }

    /** Whether its agent is being ended, or has ended: its slot is about to be free. */
    boolean ending() {
        return switch (Objects.requireNonNull(state.get())) {
            case SessionState.Starting _, SessionState.Running _ -> false;
            case SessionState.Stopping _, SessionState.Ended _ -> true;
        };
    }

    /** The number of what it would say next. */
    long nextSeq() {
        return stream.nextSeq();
    }

    Tally tally() {
        return tally;
    }

    /** What can be seen of it from outside. Looks at its processes, which takes some milliseconds. */
    SessionView view(long unconfirmed) {
        RunningAgent running = agent;
        String name = switch (Objects.requireNonNull(state.get())) {
            case SessionState.Starting _ -> "starting";
            case SessionState.Running _ -> "running";
            case SessionState.Stopping _ -> "stopping";
            case SessionState.Ended _ -> "ended";
        };
        return new SessionView(
                id(),
                port.type(),
                name,
                age(),
                turns.underWay(System.nanoTime()),
                running != null && running.turnUnderWay(),
                running == null ? null : running.pid(),
                running == null ? null : running.memoryBytes(),
                running == null ? null : running.cpuTime(),
                tally.lines(),
                tally.bytes(),
                inbox.size(),
                unconfirmed);
    }

    private Duration age() {
        return Duration.ofNanos(System.nanoTime() - startedNanos);
    }

    /** Holds the session against its limits; the watchdog's thread only. */
    void check(long nowNanos) {
        RunningAgent running = agent;
        if (running == null || !(state.get() instanceof SessionState.Running)) {
            return;
        }
        SessionWatch.Vitals vitals =
                new SessionWatch.Vitals(startedNanos, activityNanos, held, running.turnUnderWay(), running::cpuTime);
        switch (watch.look(vitals, nowNanos)) {
            case SessionWatch.Finding.Fine _ -> {}
            case SessionWatch.Finding.Over(var reason) -> stop(new StopCause.Violation(reason));
            case SessionWatch.Finding.Stalled(var quiet) -> {
                boolean interrupt = settings.limits().interruptStalled();
                String text = "no output of " + port.type() + " and no work of its processes for " + quiet.toSeconds()
                        + " s, though a turn is under way" + (interrupt ? "; interrupting the turn" : "");
                LOG.warn("session {}: {}", id(), text);
                stream.notice("stalled", text);
                if (interrupt) {
                    deliver(new SessionInput.Interrupt());
                }
            }
        }
    }

    /** The runner was stopped for so long, with all its agents; the watchdog's thread only. */
    void slept(long nanos, long nowNanos) {
        watch.slept(nanos, nowNanos);
    }

    @Override
    public void run() {
        SessionLog.begin(id());
        SessionEvent terminal;
        try {
            terminal = live();
        } catch (InterruptedException | RuntimeException | Error unexpected) {
            // Errors too: where no thread can be started this session is over, and that must be told.
            LOG.error("the session failed inside the runner", unexpected);
            kill();
            terminal = failed("internal error of the runner: " + unexpected);
        }
        end(terminal);
    }

    /** Instead of {@link #run}, for which there is no thread: a session that has its slot must not seem to begin for ever. */
    void cannotRun(Throwable why) {
        end(failed("the runner can start no thread for this session: " + why.getMessage()));
    }

    private void end(SessionEvent terminal) {
        Threads.startOrDo("end-" + id(), () -> {
            SessionLog.begin(id());
            inbox.close();
            keepsake.over();
            freeSlot.accept(this);
            stream.end(terminal);
            gone.accept(this);
        });
    }

    private SessionEvent live() throws InterruptedException {
        SessionRequest next = request;
        String death = null;
        while (true) {
            RunningAgent running;
            long launched = System.nanoTime();
            try {
                running = begin(next, death);
            } catch (AgentLaunchException refused) {
                telemetry.start(port.type(), Telemetry.Start.FAILED);
                SessionState refusedState = advance(new Signal.LaunchFailed(String.valueOf(refused.getMessage())));
                // After a resumption the state is Running, and a launch that fails then is an end like any other.
                return refusedState instanceof SessionState.Ended
                        ? terminal(refusedState)
                        : failed(death + ", and could not be started again: " + refused.getMessage());
            }
            ExitStatus status = attend(running, launched);
            unsaid(status);
            String refusal = running.refusal();
            if (refusal != null) {
                advance(new Signal.Stop(new StopCause.Violation(refusal)));
            }
            if (running.toldToEnd() && !status.success()) { // it exits as its last turn did
                advance(new Signal.Stop(new StopCause.Requested()));
            }
            if (!resumption.possible(Objects.requireNonNull(state.get()), status, running)
                    || !hasConversation(running)) {
                return terminal(advance(new Signal.Exited(status)));
            }
            death = port.type() + " " + status.describe() + " between turns";
            next = request.resuming(running.agentSessionId()).set(running.settings());
        }
    }

    /** One that ends by itself as if all were well has, for its session, done its work. */
    private void unsaid(ExitStatus status) {
        int waiting = inbox.size();
        if (status.success() && waiting > 0 && !ending()) {
            stream.notice(
                    "messages-undelivered",
                    port.type() + " ended by itself before it was given what waited for it: " + waiting
                            + (waiting == 1 ? " message" : " messages"));
        }
    }

    /** Without it a new process would not know what was said, and the user would not know why. */
    private boolean hasConversation(RunningAgent running) {
        String conversation = running.agentSessionId();
        return conversation != null && port.hasConversation(conversation);
    }

    /** @param death what became of the process before this one; null for the first */
    private RunningAgent begin(SessionRequest next, @Nullable String death)
            throws AgentLaunchException, InterruptedException {
        AgentLaunch launch = new AgentLaunch(
                port, next, this::ending, settings.startTimeout(), settings.stopGrace(), (running, took) -> {
                    SessionLog.begin(id());
                    telemetry.spawned(id(), port.type(), took);
                    announce(running, death);
                });
        return launch.await(launches);
    }

    private void announce(RunningAgent running, @Nullable String death) {
        agent = running;
        stderr.begins();
        turns.newProcess();
        telemetry.start(port.type(), goesOn(death) ? Telemetry.Start.RESUMED : Telemetry.Start.STARTED);
        if (advance(new Signal.Launched()) instanceof SessionState.Stopping) {
            stopAgent(running);
        }
        LOG.info("{} runs, pid {}", port.type(), running.pid());
        keepsake.save(running.agentSessionId());
        // An agent killed within a moment of its result may not have stored the turn: that must not look like amnesia.
        String forgotten = " in a new process, which knows nothing of the conversation: the agent had not stored it";
        if (death != null) {
            String how = running.lostConversation() ? forgotten : " with the conversation in a new process";
            stream.notice("agent-restarted", death + "; going on" + how);
        } else if (recovered) {
            String how = running.lostConversation() ? "The session goes on" + forgotten : "The conversation goes on";
            stream.notice(
                    "runner-restarted",
                    "the runner was restarted; the turn under way, if any, was cut, and what the agent was told"
                            + " just before may be lost. " + how);
        } else {
            stream.started(running.agentSessionId());
        }
    }

    private boolean goesOn(@Nullable String death) {
        return recovered || death != null;
    }

    /** Carries what the agent says until its end. */
    private ExitStatus attend(RunningAgent running, long launched) throws InterruptedException {
        Feeder feeder = new Feeder(
                running,
                port.type(),
                inbox,
                settings.startTimeout(),
                Feeder.END_PATIENCE,
                ready -> ready(ready, launched),
                this::given,
                this::stop);
        Thread feeding = Threads.startWaiting("feed-" + id(), () -> {
            SessionLog.begin(id());
            feeder.run();
        });
        try {
            return running.carry(lines -> pass(running, lines));
        } finally {
            feeding.interrupt();
            feeding.join();
        }
    }

    /** On the session's thread or one of the agent's, one call after the other. */
    private void pass(RunningAgent running, List<OutputLine> lines) throws InterruptedException {
        for (OutputLine line : lines) {
            if (line.channel() == Channel.STDERR) {
                stderr.add(line.text(), System.nanoTime());
            }
        }
        keepsake.follow(running.agentSessionId(), running.settings()); // before the server sees that it is so
        held = true;
        stream.output(lines);
        activityNanos = System.nanoTime();
        held = false;
        lines.forEach(tally::count);
        if (turns.ended(running.completedTurns())) {
            turnEnded(turns.end(inbox.size() > 0, activityNanos));
        }
    }

    private void turnEnded(@Nullable Duration took) {
        if (took != null) {
            telemetry.turn(id(), port.type(), took);
        }
    }

    private void ready(RunningAgent running, long launched) {
        telemetry.ready(id(), port.type(), Duration.ofNanos(System.nanoTime() - launched));
        keepsake.save(running.agentSessionId());
        stderr.works();
    }

    private @Nullable StopCause stopCause() {
        return state.get() instanceof SessionState.Stopping(var cause) ? cause : null;
    }

    /** On a thread of its own, because an agent may take its time and no caller may wait; by force where that fails. */
    private void stopAgent(RunningAgent running) {
        try {
            Threads.start("stop-" + id(), () -> {
                try {
                    keepsake.save(
                            running.agentSessionId()); // else the next process would go on with it, should this one
                    // die meanwhile
                    running.stop(settings.stopGrace());
                } catch (RuntimeException | Error failed) {
                    killInstead(running, failed);
                }
            });
        } catch (OutOfMemoryError noThread) {
            killInstead(running, noThread);
        }
    }

    private void killInstead(RunningAgent running, Throwable why) {
        LOG.warn("session {}: its agent cannot be stopped and is killed", id(), why);
        running.kill();
    }

    private SessionState advance(Signal signal) {
        return state.updateAndGet(current -> current.on(signal));
    }

    private SessionEvent terminal(SessionState ended) {
        Outcome outcome = ended instanceof SessionState.Ended(var how)
                ? how
                : new Outcome.Refused("internal error of the runner: " + ended);
        return switch (outcome) {
            case Outcome.Completed _ -> ended("completed", 0);
            case Outcome.Stopped(StopCause.Shutdown _, int code) -> ended("shutdown", code);
            case Outcome.Stopped(StopCause _, int code) -> ended("stopped", code);
            case Outcome.Crashed(var status) -> failed(crash(status));
            case Outcome.Refused(var reason) -> failed(reason + stderr.describe(System.nanoTime()));
        };
    }

    private String crash(ExitStatus status) {
        String left = status.survivors().isEmpty()
                ? ""
                : "; these processes would not end: " + String.join(", ", status.survivors());
        return port.type() + " " + status.describe() + left + stderr.describe(System.nanoTime());
    }

    private SessionEvent ended(String reason, int code) {
        LOG.info("ended: {}", reason);
        telemetry.ended(id(), port.type(), reason, age());
        return new SessionEvent.Ended(id(), request.endpointId(), reason, code < 0 ? null : code);
    }

    private SessionEvent failed(String error) {
        LOG.warn("failed: {}", error.lines().findFirst().orElse(""));
        telemetry.ended(id(), port.type(), "failed", age());
        return new SessionEvent.Failed(id(), request.endpointId(), error);
    }
}
