package dev.vibe.runner.application;

import dev.vibe.runner.application.port.out.AgentGoneException;
import dev.vibe.runner.application.port.out.AgentLaunchException;
import dev.vibe.runner.application.port.out.AgentPort;
import dev.vibe.runner.application.port.out.Outbox;
import dev.vibe.runner.application.port.out.RunningAgent;
import dev.vibe.runner.application.port.out.SessionRequest;
import dev.vibe.runner.domain.Channel;
import dev.vibe.runner.domain.EndpointId;
import dev.vibe.runner.domain.ExitStatus;
import dev.vibe.runner.domain.Outcome;
import dev.vibe.runner.domain.OutputLine;
import dev.vibe.runner.domain.SessionEvent;
import dev.vibe.runner.domain.SessionId;
import dev.vibe.runner.domain.SessionState;
import dev.vibe.runner.domain.SessionState.Signal;
import dev.vibe.runner.domain.StopCause;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * One session, from its start to its terminal event. {@link #run} is its whole life, on a thread of its own: "started,
 * messages, ended" is the order of its statements, and every death leaves by the same exit. A second thread feeds the
 * agent. All other methods come from any thread and never block.
 */
final class Session implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(Session.class);
    private static final int MAX_NOTICES = 1_000;

    private final SessionRequest request;
    private final AgentPort port;
    private final Outbox outbox;
    private final EndpointSettings settings;
    private final Consumer<Session> freeSlot;
    private final Consumer<Session> gone;
    private final SessionInbox inbox = new SessionInbox();
    private final AtomicReference<SessionState> state = new AtomicReference<>(new SessionState.Starting());
    private final StderrTail stderr = new StderrTail();
    private final Object stream = new Object();

    /** Guarded by stream, held while the event enters the outbox: numbers and order agree. */
    private long nextSeq;

    /** Guarded by stream. */
    private int notices;

    /** Written once by the run thread, before the signal Launched. */
    private volatile @Nullable RunningAgent agent;

    /**
     * @param freeSlot called when nothing of the session runs any more, before its terminal event
     * @param gone called after its terminal event has entered the outbox
     */
    Session(
            SessionRequest request,
            AgentPort port,
            Outbox outbox,
            EndpointSettings settings,
            Consumer<Session> freeSlot,
            Consumer<Session> gone) {
        this.request = request;
        this.port = port;
        this.outbox = outbox;
        this.settings = settings;
        this.freeSlot = freeSlot;
        this.gone = gone;
    }

    SessionId id() {
        return request.sessionId();
    }

    private EndpointId endpoint() {
        return request.endpointId();
    }

    /** Queues something for the agent. A session whose agent lets its queue run full is ended with an error. */
    void deliver(SessionInput input) {
        if (!inbox.offer(input)) {
            stop(new StopCause.Violation("the agent does not read its input: " + inbox.size() + " messages wait"));
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
        synchronized (stream) {
            if (notices++ < MAX_NOTICES) {
                outbox.append(new SessionEvent.Notice(id(), endpoint(), nextSeq++, code, text));
            }
        }
    }

    private void output(OutputLine line) {
        synchronized (stream) {
            outbox.append(new SessionEvent.Output(id(), endpoint(), nextSeq++, line));
        }
    }

    @Override
    public void run() {
        MDC.put("session", id().value());
        SessionEvent terminal;
        try {
            terminal = live();
        } catch (InterruptedException | RuntimeException unexpected) {
            LOG.error("the session failed inside the runner", unexpected);
            kill();
            terminal = failed("internal error of the runner: " + unexpected);
        }
        freeSlot.accept(this);
        outbox.append(terminal);
        gone.accept(this);
    }

    private SessionEvent live() throws InterruptedException {
        RunningAgent running;
        try {
            running = port.launch(request);
        } catch (AgentLaunchException refused) {
            return terminal(advance(new Signal.LaunchFailed(String.valueOf(refused.getMessage()))));
        }
        agent = running;
        if (advance(new Signal.Launched()) instanceof SessionState.Stopping) {
            stopAgent(running);
        }
        LOG.info("{} runs, pid {}", port.type(), running.pid());
        outbox.append(new SessionEvent.Started(id(), endpoint(), running.agentSessionId()));
        Thread feeder = Threads.start("feed-" + id(), () -> feed(running));
        try {
            for (OutputLine line = running.next(); line != null; line = running.next()) {
                if (line.channel() == Channel.STDERR) {
                    stderr.add(line.text());
                }
                outbox.awaitRoom(id());
                output(line);
            }
            ExitStatus status = running.awaitExit();
            return terminal(advance(new Signal.Exited(status)));
        } finally {
            feeder.interrupt();
        }
    }

    private void feed(RunningAgent running) {
        MDC.put("session", id().value());
        try {
            if (!running.awaitReady(settings.startTimeout())) {
                stop(new StopCause.Violation(port.type() + " did not become ready within "
                        + settings.startTimeout().toSeconds() + " s"));
                return;
            }
            LOG.info("{} is ready", port.type());
            while (true) {
                switch (inbox.take()) {
                    case SessionInput.Message(var message) -> running.send(message);
                    case SessionInput.Interrupt _ -> running.interrupt();
                }
            }
        } catch (AgentGoneException ended) {
            LOG.debug("{}", ended.getMessage());
        } catch (InterruptedException over) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException unexpected) {
            LOG.error("feeding the agent failed inside the runner", unexpected);
            stop(new StopCause.Violation("internal error of the runner: " + unexpected));
        }
    }

    /** On a thread of its own, because an agent may take its time and no caller may wait. */
    private void stopAgent(RunningAgent running) {
        Threads.start("stop-" + id(), () -> running.stop(settings.stopGrace()));
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
            case Outcome.Refused(var reason) -> failed(reason + stderr.describe());
        };
    }

    private String crash(ExitStatus status) {
        String left = status.survivors().isEmpty()
                ? ""
                : "; these processes would not end: " + String.join(", ", status.survivors());
        return port.type() + " " + status.describe() + left + stderr.describe();
    }

    private SessionEvent ended(String reason, int code) {
        LOG.info("ended: {}", reason);
        return new SessionEvent.Ended(id(), endpoint(), reason, code < 0 ? null : code);
    }

    private SessionEvent failed(String error) {
        LOG.warn("failed: {}", error.lines().findFirst().orElse(""));
        return new SessionEvent.Failed(id(), endpoint(), error);
    }
}
