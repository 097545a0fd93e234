package dev.vibe.runner.application;

import dev.vibe.runner.application.port.out.Link;
import dev.vibe.runner.application.port.out.NotConnectedException;
import dev.vibe.runner.domain.EndpointEvent;
import dev.vibe.runner.domain.SessionEvent;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/**
 * A link and the server behind it, which live as long as chance wants. What was sent arrives in order and late; when the
 * link dies, the last of it does not arrive at all, and answers to barriers may come after the death.
 */
final class UnreliableLink implements Link {
    private record Asked(int arrivals, CompletableFuture<Void> answer) {}

    private final Random random;
    private final int oneDeathIn;
    private final Executor answers;
    private final Runnable died;

    // All below: guarded by this.
    private final List<SessionEvent> arrived = new ArrayList<>();
    private final ArrayDeque<SessionEvent> onTheWay = new ArrayDeque<>();
    private final ArrayDeque<Asked> asked = new ArrayDeque<>();
    private boolean dead;

    /**
     * @param oneDeathIn it dies at one of so many calls
     * @param answers where barriers are completed
     * @param died called once, on the thread of the caller that finds it dead
     */
    UnreliableLink(Random random, int oneDeathIn, Executor answers, Runnable died) {
        this.random = random;
        this.oneDeathIn = oneDeathIn;
        this.answers = answers;
        this.died = died;
    }

    @Override
    public void send(EndpointEvent event) throws NotConnectedException {
        synchronized (this) {
            if (!dead) {
                onTheWay.addLast((SessionEvent) event);
                progress();
            }
        }
        liveOrDie();
    }

    @Override
    public boolean offer(EndpointEvent event) throws NotConnectedException {
        synchronized (this) {
            if (random.nextInt(3) == 0) {
                return false;
            }
        }
        send(event);
        return true;
    }

    @Override
    public CompletionStage<Void> barrier() {
        CompletableFuture<Void> answer = new CompletableFuture<>();
        synchronized (this) {
            if (!dead) {
                asked.addLast(new Asked(arrived.size() + onTheWay.size(), answer));
                progress();
            } else {
                answer.completeExceptionally(new NotConnectedException("dead"));
            }
        }
        return answer;
    }

    @Override
    public void drop(String reason) {
        throw new AssertionError("the courier drops nothing");
    }

    /** Under lock. The server reads some, and answers what it has reached. */
    private void progress() {
        for (int reads = random.nextInt(4); reads > 0 && !onTheWay.isEmpty(); reads--) {
            arrived.add(onTheWay.removeFirst());
        }
        while (!asked.isEmpty() && asked.getFirst().arrivals <= arrived.size()) {
            CompletableFuture<Void> answer = asked.removeFirst().answer;
            answers.execute(() -> answer.complete(null));
        }
    }

    /** The server reads all there is. */
    synchronized void settle() {
        while (!dead && !(onTheWay.isEmpty() && asked.isEmpty())) {
            progress();
        }
    }

    private void liveOrDie() throws NotConnectedException {
        synchronized (this) {
            if (!dead && random.nextInt(oneDeathIn) > 0) {
                return;
            }
            if (dead) {
                throw new NotConnectedException("dead");
            }
            dead = true;
            onTheWay.clear();
            for (Asked each : asked) {
                answers.execute(() -> each.answer.completeExceptionally(new NotConnectedException("dead")));
            }
            asked.clear();
        }
        died.run();
        throw new NotConnectedException("died");
    }

    /** What the server has received on this link, in order. */
    synchronized List<SessionEvent> arrived() {
        return List.copyOf(arrived);
    }
}
