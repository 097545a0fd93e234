package dev.vibe.runner.adapter.process;

import dev.vibe.runner.application.port.out.AgentGoneException;
import dev.vibe.runner.application.port.out.LineSink;
import dev.vibe.runner.application.port.out.RunningAgent;
import dev.vibe.runner.domain.ExitStatus;
import dev.vibe.runner.domain.OutputLine;
import dev.vibe.runner.domain.UserMessage;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/** A process and the dialect it speaks. */
final class ProcessAgent implements RunningAgent, Dialect.Host {
    private final AgentProcess process;
    private final Dialect dialect;
    /** True once ready, false when the agent ended or refused first. */
    private final CompletableFuture<Boolean> ready = new CompletableFuture<>();

    private volatile @Nullable String refusal;

    private ProcessAgent(AgentProcess process, Function<Dialect.Host, Dialect> dialect) {
        this.process = process;
        this.dialect = dialect.apply(this);
    }

    static ProcessAgent begin(AgentProcess process, IntSupplier limit, Function<Dialect.Host, Dialect> dialect) {
        ProcessAgent agent = new ProcessAgent(process, dialect);
        process.begin(limit, agent.dialect, () -> agent.ready.complete(false));
        agent.dialect.begin();
        return agent;
    }

    @Override
    public @Nullable String agentSessionId() {
        return dialect.agentSessionId();
    }

    @Override
    public boolean lostConversation() {
        return dialect.lostConversation();
    }

    @Override
    public @Nullable String refusal() {
        return refusal;
    }

    @Override
    public boolean betweenTurns() {
        return dialect.betweenTurns();
    }

    @Override
    public List<String> settings() {
        return dialect.settings();
    }

    @Override
    public boolean toldToEnd() {
        return dialect.toldToEnd();
    }

    @Override
    public boolean turnUnderWay() {
        return dialect.turnUnderWay();
    }

    @Override
    public @Nullable Duration cpuTime() {
        return process.cpuTime();
    }

    @Override
    public int completedTurns() {
        return dialect.completedTurns();
    }

    @Override
    public @Nullable Long memoryBytes() {
        return process.memoryBytes();
    }

    @Override
    public long pid() {
        return process.pid();
    }

    @Override
    public boolean running() {
        return process.running();
    }

    @Override
    public @Nullable OutputLine next() throws InterruptedException {
        return process.next();
    }

    @Override
    public List<OutputLine> nextLines() throws InterruptedException {
        return process.nextLines();
    }

    @Override
    public ExitStatus carry(LineSink sink) throws InterruptedException {
        return process.carry(sink);
    }

    @Override
    public boolean awaitReady(Duration timeout) throws AgentGoneException, InterruptedException {
        try {
            if (!ready.get(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new AgentGoneException("the agent ended before it was ready");
            }
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            throw new IllegalStateException("readiness is never completed with a failure", e);
        }
    }

    @Override
    public void send(UserMessage message) throws AgentGoneException, InterruptedException {
        if (toldUnansweredAfter() == null) { // else who feeds it has waited for as long as is of use
            awaitHandshake();
        }
        dialect.send(message);
    }

    /** Never before it is ready: an interrupt that is read before its turn has begun is lost. */
    @Override
    public void interrupt() throws AgentGoneException, InterruptedException {
        awaitHandshake();
        dialect.interrupt();
    }

    @Override
    public @Nullable Duration toldUnansweredAfter() {
        return dialect.toldUnansweredAfter();
    }

    /** An agent may have no place for a message before, and one that never gets ready is ended by who waits for it. */
    private void awaitHandshake() throws AgentGoneException, InterruptedException {
        try {
            if (!ready.get()) {
                throw new AgentGoneException("the agent ended before it was ready");
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException("readiness is never completed with a failure", e);
        }
    }

    @Override
    public void stop(Duration grace) {
        dialect.beforeStop();
        process.stop(grace);
    }

    @Override
    public void kill() {
        process.kill();
    }

    @Override
    public ExitStatus awaitExit() throws InterruptedException {
        return process.awaitExit();
    }

    @Override
    public Stdin stdin() {
        return process.stdin();
    }

    @Override
    public void ready() {
        ready.complete(true);
    }

    @Override
    public void handshakeFailed(String reason) {
        refusal = reason; // before the process dies of it
        ready.complete(false);
        process.kill();
    }

    @Override
    public void say(String text) {
        process.say(text);
    }

    @Override
    public void pass(String line) {
        process.pass(line);
    }
}
