package dev.vibe.runner.testkit;

import dev.vibe.runner.application.port.out.AgentGoneException;
import dev.vibe.runner.application.port.out.AgentPort;
import dev.vibe.runner.application.port.out.RunningAgent;
import dev.vibe.runner.application.port.out.SessionRequest;
import dev.vibe.runner.domain.Channel;
import dev.vibe.runner.domain.EndpointId;
import dev.vibe.runner.domain.ExitStatus;
import dev.vibe.runner.domain.OutputLine;
import dev.vibe.runner.domain.SessionId;
import dev.vibe.runner.domain.UserMessage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * An agent under test whose output is read all the time, as a session would. Killed when the test is over. All waits end after
 * {@link #PATIENCE} with an {@link AssertionError} that tells what was said.
 */
public final class Running implements AutoCloseable {
    /** Longer than the real CLIs take for anything on a busy machine. */
    public static final Duration PATIENCE = Duration.ofSeconds(60);

    /** How much of a line a failure shows. */
    private static final int SHOWN = 300;

    private final RunningAgent agent;
    private final List<OutputLine> lines = new ArrayList<>();
    private final Thread reader;
    private boolean ended;

    private Running(RunningAgent agent) {
        this.agent = agent;
        this.reader = Thread.ofPlatform().daemon().name("test-reader").start(this::read);
    }

    /** Launches an agent in its default directory. */
    public static Running launch(AgentPort port) throws Exception {
        return launch(port, new SessionRequest(new SessionId("s-1"), new EndpointId("e-1"), null));
    }

    /** Launches an agent. */
    public static Running launch(AgentPort port, SessionRequest request) throws Exception {
        return new Running(port.launch(request));
    }

    /** Launches an agent and waits until it is ready. */
    public static Running ready(AgentPort port) throws Exception {
        return launch(port).ready();
    }

    /** Waits until it is ready. */
    public Running ready() throws Exception {
        try {
            if (agent.awaitReady(PATIENCE)) {
                return this;
            }
        } catch (AgentGoneException e) {
            throw new AssertionError(end() + " before it was ready; said: " + shown(lines()), e);
        }
        throw new AssertionError("not ready; said: " + shown(lines()));
    }

    /** The agent itself; its output belongs to this object. */
    public RunningAgent agent() {
        return agent;
    }

    /** Gives it words. */
    public Running say(String text) throws Exception {
        agent.send(new UserMessage.Text(text));
        return this;
    }

    /** Gives it a message of whatever form. */
    public Running sendJson(String json) throws Exception {
        agent.send(new UserMessage.Structured(json));
        return this;
    }

    private void read() {
        try {
            ExitStatus _ = agent.carry(said -> {
                synchronized (lines) {
                    lines.addAll(said);
                    lines.notifyAll();
                }
            });
        } catch (InterruptedException e) {
            return;
        }
        synchronized (lines) {
            ended = true;
            lines.notifyAll();
        }
    }

    /** Waits for a line that satisfies the predicate, beginning with the first. */
    public OutputLine await(Predicate<String> wanted) throws InterruptedException {
        return await(wanted, 1);
    }

    /** Waits for the so manieth such line. */
    public OutputLine await(Predicate<String> wanted, int times) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        synchronized (lines) {
            while (true) {
                int seen = 0;
                for (OutputLine line : lines) {
                    if (wanted.test(line.text()) && ++seen == times) {
                        return line;
                    }
                }
                long left = (deadline - System.nanoTime()) / 1_000_000;
                if (ended || left <= 0) {
                    throw new AssertionError("no such line (ended: " + ended + ") in " + shown(lines));
                }
                lines.wait(left);
            }
        }
    }

    private static String shown(List<OutputLine> lines) {
        return lines.stream()
                .map(line -> line.text().substring(0, Math.min(line.text().length(), SHOWN)))
                .toList()
                .toString();
    }

    /** What was said on a channel so far. */
    public List<String> texts(Channel channel) {
        synchronized (lines) {
            return lines.stream()
                    .filter(line -> line.channel() == channel)
                    .map(OutputLine::text)
                    .toList();
        }
    }

    /** What was said so far. */
    public List<OutputLine> lines() {
        synchronized (lines) {
            return List.copyOf(lines);
        }
    }

    /** Waits for the end of everything. */
    public ExitStatus end() throws InterruptedException {
        ExitStatus status = agent.awaitExit();
        reader.join(10_000);
        if (reader.isAlive()) {
            throw new AssertionError("lines go on after the exit");
        }
        return status;
    }

    @Override
    public void close() {
        agent.kill();
        try {
            agent.awaitExit();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
