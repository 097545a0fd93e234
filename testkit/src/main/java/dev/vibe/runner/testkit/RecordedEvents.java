package dev.vibe.runner.testkit;

import dev.vibe.runner.application.port.in.ServerEvents;
import dev.vibe.runner.application.port.out.Link;
import dev.vibe.runner.domain.ServerCommand;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Records what a transport reports, and notes when it breaks the rules of {@link ServerEvents}. */
public final class RecordedEvents implements ServerEvents {

    /** One call of the transport. */
    public sealed interface Call {
        /** A connection stands. */
        record Connected(Link link) implements Call {}

        /** It is gone. */
        record Disconnected(String reason) implements Call {}

        /** The server said no. */
        record Refused(String reason) implements Call {}

        /** The server said something. */
        record Received(ServerCommand command) implements Call {}
    }

    private final EventLog<Call> calls = new EventLog<>("calls of the transport");
    private final EventLog<String> offences = new EventLog<>("offences of the transport");
    private final AtomicInteger inside = new AtomicInteger();
    private volatile @Nullable CompletableFuture<Void> holdUp;
    private volatile boolean connected; // written by the transport's callbacks only

    /** All calls, in order. */
    public EventLog<Call> calls() {
        return calls;
    }

    /** Broken rules: callbacks at the same time, or in a wrong order. */
    public EventLog<String> offences() {
        return offences;
    }

    /** Each command keeps its callback from returning until then, for at most 20 s. */
    public void holdUp(CompletableFuture<Void> until) {
        holdUp = until;
    }

    /** Waits for the next connection. */
    public Link awaitLink(Duration timeout) throws InterruptedException {
        return calls.take(Call.Connected.class, timeout).link();
    }

    /** Waits for the next loss of a connection, and returns its reason. */
    public String awaitLoss(Duration timeout) throws InterruptedException {
        return calls.take(Call.Disconnected.class, timeout).reason();
    }

    /** Waits for the next command of a type, and passes over other calls. */
    public <C extends ServerCommand> C awaitCommand(Class<C> type, Duration timeout) throws InterruptedException {
        Call call = calls.take(
                type.getSimpleName(),
                entry -> entry instanceof Call.Received(var command) && type.isInstance(command),
                timeout);
        return type.cast(((Call.Received) call).command());
    }

    @Override
    public void connected(Link link) {
        record(new Call.Connected(link), !connected, true);
    }

    @Override
    public void disconnected(String reason) {
        record(new Call.Disconnected(reason), connected, false);
    }

    @Override
    public void refused(String reason) {
        record(new Call.Refused(reason), !connected, false);
    }

    @Override
    public void received(ServerCommand command) {
        record(new Call.Received(command), connected, true);
        CompletableFuture<Void> until = holdUp;
        if (until != null) {
            var _ = until.completeOnTimeout(null, 20, TimeUnit.SECONDS).join();
        }
    }

    private void record(Call call, boolean inOrder, boolean connectedAfter) {
        if (inside.incrementAndGet() != 1) {
            offences.add("two callbacks at once: " + call);
        }
        if (!inOrder) {
            offences.add("out of order: " + call);
        }
        connected = connectedAfter;
        calls.add(call);
        inside.decrementAndGet();
    }
}
