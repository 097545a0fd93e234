package dev.vibe.runner.application;

import dev.vibe.runner.application.port.in.DeliveryView;
import dev.vibe.runner.application.port.in.EndpointView;
import dev.vibe.runner.application.port.in.Inspection;
import dev.vibe.runner.application.port.in.RunEndpoint;
import dev.vibe.runner.application.port.in.ServerEvents;
import dev.vibe.runner.application.port.in.ShutdownReport;
import dev.vibe.runner.application.port.out.AgentPort;
import dev.vibe.runner.application.port.out.Link;
import dev.vibe.runner.application.port.out.NotConnectedException;
import dev.vibe.runner.application.port.out.Outbox;
import dev.vibe.runner.application.port.out.SessionStore;
import dev.vibe.runner.application.port.out.Telemetry;
import dev.vibe.runner.application.port.out.TransportPort;
import dev.vibe.runner.domain.EndpointEvent;
import dev.vibe.runner.domain.EndpointId;
import dev.vibe.runner.domain.ServerCommand;
import dev.vibe.runner.domain.SessionId;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The runner: an endpoint of a vibe-server that runs sessions. Ties registration, sessions and delivery together. */
public final class Endpoint implements RunEndpoint, ServerEvents, Inspection {
    private static final Logger LOG = LoggerFactory.getLogger(Endpoint.class);
    /** Kept back from a shutdown's deadline for delivering the last words. */
    private static final Duration DELIVERY_RESERVE = Duration.ofSeconds(3);

    private final EndpointSettings settings;
    private final TransportPort transport;
    private final Outbox outbox;
    private final SessionManager sessions;
    private final Courier courier;
    private final Registration registration;
    private final Telemetry telemetry;
    private final UnaryOperator<String> mask;
    private final ConnectionLog connection = new ConnectionLog(Clock.systemUTC());
    private final Instant startedAt = Instant.now();
    private final Sparingly aboutOthers = new Sparingly(System::nanoTime);

    /** Guarded by this. */
    private boolean started;

    /** Guarded by this. */
    private @Nullable ShutdownReport report;

    /**
     * @param agents the kinds of agents this runner knows, installed or not
     * @param outbox empty, or holding what an earlier run left
     * @param store knows the sessions an earlier run left
     * @param random the source of jitter
     */
    public Endpoint(
            EndpointSettings settings,
            TransportPort transport,
            List<AgentPort> agents,
            Outbox outbox,
            SessionStore store,
            RandomGenerator random) {
        this(settings, transport, agents, outbox, store, random, Telemetry.NONE, UnaryOperator.identity());
    }

    /**
     * As above.
     *
     * @param telemetry hears what happens
     * @param mask takes secrets out of a text: a server may name the token that it refuses, and whoever looks must not see it
     */
    public Endpoint(
            EndpointSettings settings,
            TransportPort transport,
            List<AgentPort> agents,
            Outbox outbox,
            SessionStore store,
            RandomGenerator random,
            Telemetry telemetry,
            UnaryOperator<String> mask) {
        this.telemetry = telemetry;
        this.mask = mask;
        this.settings = settings;
        this.transport = transport;
        this.outbox = outbox;
        SentEnds ends = new SentEnds(outbox::holds);
        this.courier = new Courier(outbox, ends, this::confirmed);
        this.sessions = new SessionManager(settings, agents, outbox, courier::nudge, ends, store, telemetry);
        this.registration = new Registration(settings, sessions::capabilities, courier, random);
    }

    @Override
    public synchronized void start() {
        if (report != null) {
            return;
        }
        started = true;
        Threads.keepCarrier();
        sessions.recover();
        Threads.start("courier", courier);
        Threads.start("registration", registration);
        if (settings.limits().any()) {
            Threads.start(
                    "watchdog",
                    new Watchdog(sessions::running, settings.limits().pause()));
        }
        transport.open(this);
    }

    @Override
    public CompletionStage<String> rejected() {
        return registration.rejected();
    }

    @Override
    public void connected(Link link) {
        LOG.debug("connected");
        connection.connected();
        telemetry.connected();
        registration.connected(link);
    }

    @Override
    public void disconnected(String reason) {
        LOG.debug("disconnected: {}", reason);
        String shown = mask.apply(reason);
        connection.lost(shown);
        telemetry.disconnected(shown);
        registration.disconnected();
    }

    @Override
    public void refused(String reason) {
        connection.refused(mask.apply(reason));
        registration.refused(reason);
    }

    @Override
    public void unreachable(String reason) {
        connection.lost(mask.apply(reason));
        registration.unreachable();
    }

    private void confirmed(Duration roundTrip) {
        connection.roundTrip(roundTrip);
        telemetry.roundTrip(roundTrip);
    }

    @Override
    public EndpointView look() {
        return new EndpointView(
                settings.endpointId(),
                startedAt,
                settings.maxSessions(),
                sessions.capabilities().supportedAgents(),
                connection.view(),
                new DeliveryView(outbox.size(), outbox.weight(), outbox.repeats(), outbox.problem()),
                sessions.totals(),
                sessions.views());
    }

    @Override
    public CompletionStage<Void> firstAttempt() {
        return connection.firstAttempt().minimalCompletionStage();
    }

    @Override
    public void received(ServerCommand command) {
        SessionLog.about(command.sessionId(), () -> handle(command));
    }

    private void handle(ServerCommand command) {
        switch (command) {
            case ServerCommand.Registered(var id, var newest) -> registered(id, newest);
            case ServerCommand.ServerError(var message) -> refused(message);
            case ServerCommand.StartSession start -> sessions.start(start);
            case ServerCommand.SendMessage message -> sessions.message(message);
            case ServerCommand.InterruptSession interrupt -> sessions.interrupt(interrupt);
            case ServerCommand.StopSession stop -> sessions.stop(stop);
            case ServerCommand.Malformed malformed -> sessions.malformed(malformed);
        }
    }

    /** Whomever it names: there is one endpoint on a connection, and a server that names it otherwise goes on doing so. */
    private void registered(@Nullable EndpointId id, Map<SessionId, Long> newest) {
        if (id != null && !id.equals(settings.endpointId())) {
            aboutOthers.log(remark -> LOG.warn(
                    "the server registered this endpoint, {}, as {}; it stays {} here{}",
                    settings.endpointId(),
                    id,
                    settings.endpointId(),
                    remark));
        }
        sessions.told(newest);
        registration.confirmed();
        connection.registered();
    }

    @Override
    public synchronized ShutdownReport shutdown(Duration deadline) {
        ShutdownReport known = report;
        if (known != null) {
            return known;
        }
        if (!started) {
            transport.close();
            ShutdownReport nothing = report(0, 0, false);
            report = nothing;
            return nothing;
        }
        long end = System.nanoTime() + deadline.toNanos();
        int running = sessions.unfinished();
        ShutdownReport result;
        try {
            sessions.close();
            int left = sessions.awaitAllGone(remaining(end).minus(reserve(deadline)));
            if (left > 0) {
                LOG.warn("{} sessions did not end in time: ending them by force", left);
                sessions.killAll();
                // Those that wait for room of the outbox have no other end that the next process could tell. What their
                // agents had said is little.
                outbox.makeRoom();
                left = sessions.awaitAllGone(remaining(end).dividedBy(2));
            }
            boolean delivered = outbox.awaitEmpty(registration.givenUp() ? Duration.ZERO : remaining(end));
            boolean unregistered = delivered && unregister(remaining(end));
            result = report(running - left, left, unregistered);
        } catch (InterruptedException closedByForce) {
            Thread.currentThread().interrupt();
            result = report(0, sessions.unfinished(), false);
        }
        registration.close();
        courier.close();
        transport.close();
        report = result;
        return result;
    }

    private ShutdownReport report(int ended, int left, boolean unregistered) {
        return new ShutdownReport(ended, left, outbox.size(), outbox.problem() == null, unregistered);
    }

    private boolean unregister(Duration atMost) throws InterruptedException {
        Link link = registration.registeredLink();
        if (link == null) {
            return false;
        }
        registration.close();
        try {
            link.send(new EndpointEvent.Unregister(settings.endpointId()));
            var _ = link.barrier().toCompletableFuture().get(Math.max(1, atMost.toMillis()), TimeUnit.MILLISECONDS);
            return true;
        } catch (NotConnectedException | ExecutionException | TimeoutException notConfirmed) {
            LOG.debug("the server did not confirm that this endpoint left", notConfirmed);
            return false;
        }
    }

    @Override
    public void abort() {
        sessions.killAll();
    }

    private static Duration reserve(Duration deadline) {
        Duration third = deadline.dividedBy(3);
        return third.compareTo(DELIVERY_RESERVE) < 0 ? third : DELIVERY_RESERVE;
    }

    private static Duration remaining(long end) {
        return Duration.ofNanos(Math.max(0, end - System.nanoTime()));
    }
}
