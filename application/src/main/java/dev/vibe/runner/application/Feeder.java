package dev.vibe.runner.application;

import dev.vibe.runner.application.port.out.AgentGoneException;
import dev.vibe.runner.application.port.out.RunningAgent;
import dev.vibe.runner.domain.AgentType;
import dev.vibe.runner.domain.StopCause;
import java.time.Duration;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Gives an agent what waits for it, once it is ready. A thread of its own, since an agent may not read its input. */
final class Feeder implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(Feeder.class);

    /** Who takes no more input is mostly about to end, and its end tells more. */
    static final Duration END_PATIENCE = Duration.ofSeconds(2);

    private final RunningAgent agent;
    private final AgentType type;
    private final SessionInbox inbox;
    private final Duration startTimeout;
    private final Duration endPatience;
    private final Consumer<RunningAgent> ready;
    private final Consumer<SessionInput> given;
    private final Consumer<StopCause> stop;

    /**
     * @param endPatience how long an agent that takes no more input has until it must have ended
     * @param ready called when the agent is ready
     * @param given called with what the agent has taken
     * @param stop called when the session must end
     */
    Feeder(
            RunningAgent agent,
            AgentType type,
            SessionInbox inbox,
            Duration startTimeout,
            Duration endPatience,
            Consumer<RunningAgent> ready,
            Consumer<SessionInput> given,
            Consumer<StopCause> stop) {
        this.agent = agent;
        this.type = type;
        this.inbox = inbox;
        this.startTimeout = startTimeout;
        this.endPatience = endPatience;
        this.ready = ready;
        this.given = given;
        this.stop = stop;
    }

    /** Until the agent is gone or the thread is interrupted. */
    @Override
    public void run() {
        Thread answer = null;
        try {
            Duration early = agent.toldUnansweredAfter();
            Duration first = early == null || early.compareTo(startTimeout) > 0 ? startTimeout : early;
            if (!awaitAnswer(first)) {
                Duration left = startTimeout.minus(first);
                if (left.isZero()) {
                    notReady();
                    return;
                }
                LOG.info("{} has not answered for {} s, and is told what waits for it", type, first.toSeconds());
                answer = Threads.startWaiting("answer", () -> awaitLateAnswer(left));
            }
            feedAll();
        } catch (AgentGoneException ended) {
            LOG.debug("{}", ended.getMessage());
        } catch (InterruptedException over) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException | Error unexpected) { // also no thread to be had: a session must not run unfed
            LOG.error("feeding the agent failed inside the runner", unexpected);
            stop.accept(new StopCause.Violation("internal error of the runner: " + unexpected));
        } finally {
            if (answer != null) {
                answer.interrupt();
            }
        }
    }

    private boolean awaitAnswer(Duration atMost) throws AgentGoneException, InterruptedException {
        if (!agent.awaitReady(atMost)) {
            return false;
        }
        LOG.info("{} is ready", type);
        ready.accept(agent);
        return true;
    }

    private void awaitLateAnswer(Duration atMost) {
        try {
            if (!awaitAnswer(atMost)) {
                notReady();
            }
        } catch (AgentGoneException ended) {
            LOG.debug("{}", ended.getMessage());
        } catch (InterruptedException over) {
            Thread.currentThread().interrupt();
        }
    }

    private void notReady() {
        stop.accept(new StopCause.Violation(type + " did not become ready within " + startTimeout.toSeconds() + " s"));
    }

    /**
     * Until the agent takes no more. Where it goes on all the same, nobody would learn that it hears nothing: the session ends. This
     * thread is interrupted when the agent's end has been told.
     */
    private void feedAll() throws InterruptedException {
        try {
            while (true) {
                feed(inbox.awaitNext());
            }
        } catch (AgentGoneException deaf) {
            LOG.debug("{}", deaf.getMessage());
        }
        Thread.sleep(endPatience);
        if (agent.running()) {
            stop.accept(new StopCause.Violation(type + " closed its input and can be told nothing more"));
        }
    }

    /** What an agent did not take is kept: perhaps the conversation goes on in another process. */
    private void feed(SessionInput input) throws AgentGoneException, InterruptedException {
        switch (input) {
            case SessionInput.Message(var message) -> agent.send(message);
            case SessionInput.Interrupt _ -> agent.interrupt();
        }
        inbox.taken();
        given.accept(input);
    }
}
