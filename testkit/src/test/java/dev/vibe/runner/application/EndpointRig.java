package dev.vibe.runner.application;

import dev.vibe.runner.application.port.in.ShutdownReport;
import dev.vibe.runner.application.port.out.AgentPort;
import dev.vibe.runner.application.port.out.Outbox;
import dev.vibe.runner.application.port.out.SavedSession;
import dev.vibe.runner.application.port.out.SessionStore;
import dev.vibe.runner.application.port.out.Telemetry;
import dev.vibe.runner.domain.AgentType;
import dev.vibe.runner.domain.EndpointEvent;
import dev.vibe.runner.domain.EndpointId;
import dev.vibe.runner.domain.ServerCommand;
import dev.vibe.runner.domain.SessionEvent;
import dev.vibe.runner.domain.SessionId;
import dev.vibe.runner.domain.UserMessage;
import dev.vibe.runner.testkit.FakeAgent;
import dev.vibe.runner.testkit.FakeAgentPort;
import dev.vibe.runner.testkit.FakeTransport;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A whole endpoint between a fake server and fake agents. The server answers registrations unless told otherwise. */
final class EndpointRig implements AutoCloseable {
    static final String SECRET = "t0p-s3cr3t";
    static final EndpointId ID = new EndpointId("e2b-test");
    static final long CAPACITY = 100_000;
    static final Duration SOON = Duration.ofSeconds(10);

    final FakeTransport transport = new FakeTransport();
    final FakeAgentPort claude = new FakeAgentPort(AgentType.CLAUDE);
    final FakeAgentPort codex = new FakeAgentPort(AgentType.CODEX);
    final FairOutbox outbox;
    final Endpoint endpoint;
    final List<String> disconnections = new CopyOnWriteArrayList<>(); // as telemetry hears of them
    private final Telemetry telemetry = new Telemetry() {
        @Override
        public void disconnected(String reason) {
            disconnections.add(reason);
        }
    };
    volatile boolean answering = true;
    volatile Runnable afterTerminal = () -> {};
    volatile List<SavedSession> saved = List.of();
    final List<SavedSession> savings = new CopyOnWriteArrayList<>();
    private final BlockingQueue<SavedSession> untold = new LinkedBlockingQueue<>();

    EndpointRig(int maxSessions) {
        this(maxSessions, new OutboxLimits(20_000, 20_000), Duration.ofMillis(300));
    }

    EndpointRig(int maxSessions, OutboxLimits limits, Duration authGrace) {
        this(maxSessions, limits, authGrace, SessionLimits.NONE);
    }

    EndpointRig(int maxSessions, OutboxLimits limits, Duration authGrace, SessionLimits sessionLimits) {
        outbox = new FairOutbox(new MemorySpool(CAPACITY), limits);
        EndpointSettings settings = new EndpointSettings(
                ID,
                maxSessions,
                Map.of("platform", "test"),
                Duration.ofMillis(50),
                Duration.ofMillis(10),
                Duration.ofMillis(50),
                authGrace,
                Duration.ofMillis(500),
                Duration.ofMillis(200),
                sessionLimits,
                true,
                false);
        List<AgentPort> agents = List.of(claude, codex);
        endpoint = new Endpoint(
                settings,
                transport,
                agents,
                observed(),
                store(),
                new Random(1),
                telemetry,
                text -> text.replace(SECRET, "***"));
        transport.withServer(event -> {
            if (event instanceof EndpointEvent.Register && answering) {
                transport.receive(new ServerCommand.Registered(ID));
            }
        });
    }

    /** The outbox, with {@link #afterTerminal} run on the session's thread before an appended terminal event's caller. */
    private Outbox observed() {
        return (Outbox) Proxy.newProxyInstance(
                Outbox.class.getClassLoader(), new Class<?>[] {Outbox.class}, (_, method, arguments) -> {
                    try {
                        Object result = method.invoke(outbox, arguments);
                        if (method.getName().equals("append")
                                && arguments[0] instanceof SessionEvent event
                                && event.terminal()) {
                            afterTerminal.run();
                        }
                        return result;
                    } catch (InvocationTargetException thrown) {
                        throw thrown.getCause();
                    }
                });
    }

    private SessionStore store() {
        return new SessionStore() {
            @Override
            public void save(SavedSession session) {
                savings.add(session); // how it is kept is the journal's to test
                untold.add(session);
            }

            @Override
            public List<SavedSession> saved() {
                return saved;
            }
        };
    }

    EndpointRig started() throws InterruptedException {
        endpoint.start();
        transport.arrived().take(EndpointEvent.Register.class, SOON);
        return this;
    }

    /** What is saved next, of those that were not asked for in this way. */
    SavedSession nextSaving() throws InterruptedException {
        return Objects.requireNonNull(untold.poll(SOON.toMillis(), TimeUnit.MILLISECONDS), "nothing was saved");
    }

    FakeAgent session(String id) throws InterruptedException {
        start(id, null);
        FakeAgent agent = claude.awaitLaunch();
        next(id, SessionEvent.Started.class);
        return agent;
    }

    void start(String id, @Nullable String message) {
        start(id, AgentType.CLAUDE, message);
    }

    void start(String id, AgentType type, @Nullable String message) {
        transport.receive(new ServerCommand.StartSession(
                new SessionId(id), type, null, message == null ? null : new UserMessage.Text(message)));
    }

    void send(String id, String text) {
        transport.receive(new ServerCommand.SendMessage(new SessionId(id), new UserMessage.Text(text)));
    }

    void stop(String id) {
        transport.receive(new ServerCommand.StopSession(new SessionId(id)));
    }

    /** Waits for the server to have received an event of this kind for this session. */
    <E extends SessionEvent> E next(String id, Class<E> type) throws InterruptedException {
        SessionId session = new SessionId(id);
        return type.cast(transport
                .arrived()
                .take(
                        type.getSimpleName() + " of " + id,
                        event -> type.isInstance(event)
                                && ((SessionEvent) event).sessionId().equals(session),
                        SOON));
    }

    /** All the server received of a session, in order. */
    List<SessionEvent> of(String id) {
        return transport.arrived().all(SessionEvent.class).stream()
                .filter(event -> event.sessionId().value().equals(id))
                .toList();
    }

    List<String> texts(String id) {
        return of(id).stream()
                .filter(SessionEvent.Output.class::isInstance)
                .map(event -> ((SessionEvent.Output) event).line().text())
                .toList();
    }

    @Override
    public void close() {
        ShutdownReport ignored = endpoint.shutdown(Duration.ofMillis(500));
        if (ignored.sessionsLeft() > 0) {
            endpoint.abort();
        }
    }
}
