package dev.vibe.runner.testkit;

import dev.vibe.runner.application.port.out.AgentLaunchException;
import dev.vibe.runner.application.port.out.AgentPort;
import dev.vibe.runner.application.port.out.RunningAgent;
import dev.vibe.runner.application.port.out.SessionRequest;
import dev.vibe.runner.domain.AgentInfo;
import dev.vibe.runner.domain.AgentType;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Launches {@link FakeAgent}s, which the test plays. In its world every directory exists but those below {@code /no/}. Safe for
 * use by several threads.
 */
public final class FakeAgentPort implements AgentPort {
    private final AgentType type;
    private final EventLog<SessionRequest> requests;
    private final EventLog<FakeAgent> launched;
    private volatile boolean installed = true;
    private volatile @Nullable String version = "fake-1.0";
    private volatile boolean resumes;
    private volatile boolean forgets;
    private volatile @Nullable String launchFailure;
    private volatile Consumer<FakeAgent> setup = _ -> {};
    private volatile CountDownLatch gate = new CountDownLatch(0);

    /** @param type what it pretends to be */
    public FakeAgentPort(AgentType type) {
        this.type = type;
        requests = new EventLog<>("launch requests of " + type);
        launched = new EventLog<>("launched agents of " + type);
    }

    /** What is done with each agent before its launch returns, e.g. {@code agent -> agent.slowToGetReady()}. */
    public FakeAgentPort withSetup(Consumer<FakeAgent> setup) {
        this.setup = setup;
        return this;
    }

    /** Whether {@link #detect} finds it. */
    public void installed(boolean now) {
        installed = now;
    }

    /** Its conversations can go on in a new process. */
    public FakeAgentPort resuming() {
        resumes = true;
        return this;
    }

    /** Its conversations are nowhere to be found. */
    public FakeAgentPort forgetting() {
        forgets = true;
        return this;
    }

    /** Launches fail with this message from now on; null for no more. */
    public void failLaunches(@Nullable String message) {
        launchFailure = message;
    }

    /** Launches hang, after their request is recorded, until {@link #releaseLaunches}. */
    public void holdLaunches() {
        gate = new CountDownLatch(1);
    }

    /** Lets the launches go on that {@link #holdLaunches} held. */
    public void releaseLaunches() {
        gate.countDown();
    }

    /** What launches were asked for, failed ones too. */
    public EventLog<SessionRequest> requests() {
        return requests;
    }

    /** The agents that run or ran. */
    public EventLog<FakeAgent> launched() {
        return launched;
    }

    /** Waits for the next launched agent. */
    public FakeAgent awaitLaunch() throws InterruptedException {
        return launched.take(Duration.ofSeconds(10));
    }

    @Override
    public AgentType type() {
        return type;
    }

    /** Which version it tells from now on; null for one that is not known yet. */
    public void version(@Nullable String now) {
        version = now;
    }

    @Override
    public Optional<AgentInfo> detect() {
        return installed ? Optional.of(new AgentInfo(type, version)) : Optional.empty();
    }

    @Override
    public boolean resumes() {
        return resumes;
    }

    @Override
    public boolean hasConversation(String agentSessionId) {
        return !forgets;
    }

    @Override
    public RunningAgent launch(SessionRequest request) throws AgentLaunchException {
        requests.add(request);
        try {
            gate.await();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw new AgentLaunchException("interrupted while launching");
        }
        String failure = launchFailure;
        if (failure != null) {
            throw new AgentLaunchException(failure);
        }
        String directory = request.workingDirectory();
        if (directory != null && directory.startsWith("/no/")) {
            throw new AgentLaunchException("the working directory " + directory + " does not exist");
        }
        FakeAgent agent = new FakeAgent(request);
        setup.accept(agent);
        launched.add(agent);
        return agent;
    }
}
