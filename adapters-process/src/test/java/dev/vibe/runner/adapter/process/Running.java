package dev.vibe.runner.adapter.process;

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

/** An agent under test whose output is read all the time, as a session would. Killed when the test is over. */
final class Running implements AutoCloseable {
    final RunningAgent agent;
    private final List<OutputLine> lines = new ArrayList<>();
    private final Thread reader;
    private boolean ended;

    private Running(RunningAgent agent) {
        this.agent = agent;
        this.reader = Thread.ofPlatform().daemon().name("test-reader").start(this::read);
    }

    static Running launch(AgentPort port) throws Exception {
        return launch(port, null);
    }

    static Running launch(AgentPort port, @org.jspecify.annotations.Nullable String directory) throws Exception {
        return new Running(port.launch(new SessionRequest(new SessionId("s-1"), new EndpointId("e-1"), directory)));
    }

    static Running ready(AgentPort port) throws Exception {
        Running running = launch(port);
        try {
            if (running.agent.awaitReady(Duration.ofSeconds(40))) {
                return running;
            }
        } catch (AgentGoneException e) {
            throw new AssertionError(running.end() + " before it was ready; said: " + running.lines(), e);
        }
        throw new AssertionError("not ready; said: " + running.lines());
    }

    Running say(String text) throws Exception {
        agent.send(new UserMessage.Text(text));
        return this;
    }

    Running sendJson(String json) throws Exception {
        agent.send(new UserMessage.Structured(json));
        return this;
    }

    private void read() {
        try {
            OutputLine line = agent.next();
            while (line != null) {
                synchronized (lines) {
                    lines.add(line);
                    lines.notifyAll();
                }
                line = agent.next();
            }
        } catch (InterruptedException e) {
            return;
        }
        synchronized (lines) {
            ended = true;
            lines.notifyAll();
        }
    }

    /** Waits for a line that satisfies the predicate, beginning with the first. */
    OutputLine await(Predicate<String> wanted) throws InterruptedException {
        return await(wanted, 1);
    }

    OutputLine await(Predicate<String> wanted, int times) throws InterruptedException {
        long deadline = System.nanoTime() + Duration.ofSeconds(40).toNanos();
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
                    throw new AssertionError("no such line (ended: " + ended + ") in " + lines);
                }
                lines.wait(left);
            }
        }
    }

    List<String> texts(Channel channel) {
        synchronized (lines) {
            return lines.stream()
                    .filter(line -> line.channel() == channel)
                    .map(OutputLine::text)
                    .toList();
        }
    }

    List<OutputLine> lines() {
        synchronized (lines) {
            return List.copyOf(lines);
        }
    }

    /** Waits for the end of everything. */
    ExitStatus end() throws InterruptedException {
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
