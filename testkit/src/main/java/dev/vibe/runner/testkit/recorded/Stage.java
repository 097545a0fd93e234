package dev.vibe.runner.testkit.recorded;

import static dev.vibe.runner.testkit.recorded.ServerSide.SOON;

import dev.vibe.runner.application.Endpoint;
import dev.vibe.runner.application.EndpointSettings;
import dev.vibe.runner.application.FairOutbox;
import dev.vibe.runner.application.MemorySpool;
import dev.vibe.runner.application.OutboxLimits;
import dev.vibe.runner.application.SessionLimits;
import dev.vibe.runner.application.port.out.SessionStore;
import dev.vibe.runner.application.port.out.TransportPort;
import dev.vibe.runner.domain.AgentType;
import dev.vibe.runner.domain.EndpointId;
import dev.vibe.runner.testkit.FakeAgent;
import dev.vibe.runner.testkit.FakeAgentPort;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/** The whole runner, but for its agents, which the test plays: the runner's part of a recorded conversation. */
public final class Stage implements AutoCloseable {
    private final FakeAgentPort agents = new FakeAgentPort(AgentType.CLAUDE);
    private final FairOutbox outbox = new FairOutbox(new MemorySpool(1_000_000), OutboxLimits.DEFAULT);
    private final Endpoint endpoint;

    /**
     * Prepares a runner; nothing is started yet.
     *
     * @param transport to the server; reconnects after one second
     * @param authGrace for how long a refused token is tried
     */
    public Stage(TransportPort transport, Duration authGrace) {
        EndpointSettings settings = new EndpointSettings(
                new EndpointId("e2b-recorded"),
                1,
                Map.of(),
                Duration.ofMinutes(10),
                Duration.ofSeconds(1),
                Duration.ofSeconds(1),
                authGrace,
                SOON,
                Duration.ofSeconds(5),
                SessionLimits.NONE,
                true,
                false);
        endpoint = new Endpoint(settings, transport, List.of(agents), outbox, SessionStore.none(), new Random(1));
    }

    /** Starts the runner. */
    public void start() {
        endpoint.start();
    }

    /** Starts the runner, which gives up on its token. */
    public void startAndBeRefused() throws Exception {
        start();
        var _ = endpoint.rejected().toCompletableFuture().get(SOON.toSeconds(), TimeUnit.SECONDS);
    }

    /** Starts the runner and a session with a first message. */
    public FakeAgent session(ServerSide server, String id) throws Exception {
        start();
        server.awaits("endpoint:register");
        return startSession(server, id);
    }

    /** Starts a session with a first message, which its agent has got. */
    public FakeAgent startSession(ServerSide server, String id) throws Exception {
        server.says("session:start", Map.of("sessionId", id, "agentType", "claude", "initialMessage", "hello"));
        FakeAgent agent = agents.awaitLaunch();
        var _ = agent.awaitMessage();
        server.awaits("session:started");
        return agent;
    }

    /** Waits until the server is known to have everything. */
    public void awaitDelivered() throws InterruptedException {
        if (!outbox.awaitEmpty(SOON)) {
            throw new AssertionError("not everything was confirmed");
        }
    }

    /** Ends the runner as SIGTERM does; does not wait. */
    public void shutdown() {
        var _ = endpoint.shutdown(Duration.ofSeconds(10));
    }

    @Override
    public void close() {
        var _ = endpoint.shutdown(Duration.ofSeconds(1));
    }
}
