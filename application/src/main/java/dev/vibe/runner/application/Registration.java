package dev.vibe.runner.application;

import dev.vibe.runner.application.port.out.Link;
import dev.vibe.runner.application.port.out.NotConnectedException;
import dev.vibe.runner.domain.Capabilities;
import dev.vibe.runner.domain.EndpointEvent;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps this endpoint registered: repeats {@code endpoint:register} on each connection until the server answers (its
 * handlers may come late and drop the first one silently), then sends heartbeats. One thread. A refused token is tried
 * again for a grace period, since a fresh sandbox's token may reach the server after the runner does.
 */
final class Registration implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(Registration.class);

    private final EndpointSettings settings;
    private final Supplier<Capabilities> capabilities;
    private final Courier courier;
    private final Backoff backoff;
    private final CompletableFuture<String> rejected = new CompletableFuture<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Sparingly answers = new Sparingly(System::nanoTime);

    private @Nullable Capabilities announced; // the thread's own: what the server has been told last

    // All below: guarded by lock.
    private @Nullable Link link;
    private boolean registered;
    private boolean closed;
    private final RefusedFor refusedFor = new RefusedFor();
    private boolean refusedLately; // by the attempt that is under way

    Registration(
            EndpointSettings settings, Supplier<Capabilities> capabilities, Courier courier, RandomGenerator random) {
        this.settings = settings;
        this.capabilities = capabilities;
        this.courier = courier;
        this.backoff = new Backoff(settings.registerRetryMin(), settings.registerRetryMax(), random);
    }

    /** Completes with the server's words when it has refused the token for the whole grace period. */
    CompletionStage<String> rejected() {
        return rejected;
    }

    /** Whether the token was refused for too long, so that nothing will be delivered any more. */
    boolean givenUp() {
        return rejected.isDone();
    }

    void connected(Link newLink) {
        lock.lock();
        try {
            link = newLink;
            registered = false;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    void disconnected() {
        lock.lock();
        try {
            refusedLately = false;
            link = null;
            registered = false;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        courier.pause();
    }

    /**
     * An attempt ended without a connection. Where no server said no, none was there to learn of the token meanwhile, and the grace
     * period begins anew.
     */
    void unreachable() {
        lock.lock();
        try {
            if (!refusedLately) {
                refusedFor.forget();
            }
            refusedLately = false;
        } finally {
            lock.unlock();
        }
    }

    /** The server has answered the registration; said again, it changes nothing. */
    void confirmed() {
        Link on;
        lock.lock();
        try {
            on = link;
            if (on == null || registered || closed) {
                return;
            }
            registered = true;
            refusedFor.forget();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        LOG.info("registered as {}", settings.endpointId());
        courier.begin(on);
    }

    /** The server said no. Words that do not say so of the token are only logged: they may mean anything. */
    void refused(String reason) {
        if (!Credentials.refused(reason)) {
            answers.log(remark -> LOG.warn("the server answered: {}{}", reason, remark));
            return;
        }
        Duration left;
        lock.lock();
        try {
            if (registered) {
                answers.log(remark -> LOG.warn("the server answered: {}{}", reason, remark));
                return;
            }
            refusedLately = true;
            left = settings.authGrace().minus(refusedFor.refused(System.nanoTime()));
        } finally {
            lock.unlock();
        }
        if (left.isPositive()) {
            answers.log(remark -> LOG.warn(
                    "the server refused the token ({}); trying for {} s more{}",
                    reason,
                    left.plusMillis(999).toSeconds(),
                    remark));
        } else {
            rejected.complete(reason);
        }
    }

    /** The link on which this endpoint is registered now, or null. */
    @Nullable
    Link registeredLink() {
        lock.lock();
        try {
            return registered ? link : null;
        } finally {
            lock.unlock();
        }
    }

    /** Ends {@link #run}; nothing is sent any more. */
    void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void run() {
        try {
            for (Link on = awaitLink(); on != null; on = awaitLink()) {
                try {
                    register(on);
                    beat(on);
                } catch (NotConnectedException gone) {
                    LOG.debug("registration paused: {}", gone.getMessage());
                    awaitChange(on);
                }
            }
        } catch (InterruptedException closedByForce) {
            Thread.currentThread().interrupt();
        }
    }

    private void register(Link on) throws NotConnectedException, InterruptedException {
        backoff.reset();
        while (unregisteredOn(on)) {
            announced = capabilities.get();
            on.send(new EndpointEvent.Register(settings.endpointId(), announced, settings.metadata()));
            pause(on, false, backoff.next());
        }
    }

    private void beat(Link on) throws NotConnectedException, InterruptedException {
        while (pause(on, true, settings.heartbeat())) {
            on.send(new EndpointEvent.Heartbeat(settings.endpointId(), news()));
        }
    }

    /** An agent that has to be asked for its version answers after the registration, which would be too dear to repeat for that. */
    private @Nullable Capabilities news() {
        Capabilities before = announced;
        if (before == null || before.complete()) {
            return null;
        }
        announced = capabilities.get();
        return before.equals(announced) ? null : announced;
    }

    private @Nullable Link awaitLink() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (link == null && !closed) {
                changed.await();
            }
            return closed ? null : link;
        } finally {
            lock.unlock();
        }
    }

    private void awaitChange(Link from) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (link == from && !closed) {
                changed.await();
            }
        } finally {
            lock.unlock();
        }
    }

    private boolean unregisteredOn(Link on) {
        lock.lock();
        try {
            return link == on && !registered && !closed;
        } finally {
            lock.unlock();
        }
    }

    /** Waits for {@code time} while the state stays as it is; returns whether it still is. */
    private boolean pause(Link on, boolean whileRegistered, Duration time) throws InterruptedException {
        long nanos = time.toNanos();
        lock.lockInterruptibly();
        try {
            while (link == on && registered == whileRegistered && !closed && nanos > 0) {
                nanos = changed.awaitNanos(nanos);
            }
            return link == on && registered == whileRegistered && !closed;
        } finally {
            lock.unlock();
        }
    }
}
