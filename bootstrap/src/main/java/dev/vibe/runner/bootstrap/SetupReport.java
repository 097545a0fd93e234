package dev.vibe.runner.bootstrap;

import dev.vibe.runner.application.port.out.AgentPort;
import dev.vibe.runner.domain.AgentInfo;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes to the log what {@link SetupCheck} finds; beside the start, which does not wait for it. */
final class SetupReport implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(SetupReport.class);
    /** An agent that must be asked for its version has answered by then. */
    private static final Duration VERSION_WAIT = Duration.ofSeconds(11);

    private final RunnerSettings settings;
    private final List<AgentPort> agents;

    SetupReport(RunnerSettings settings, List<AgentPort> agents) {
        this.settings = settings;
        this.agents = agents;
    }

    /** Begins; returns at once. */
    void start() {
        Thread.ofPlatform()
                .name("setup-report")
                .daemon()
                .priority(Thread.MIN_PRIORITY)
                .start(this);
    }

    @Override
    public void run() {
        try {
            Machine machine = Machine.look();
            SetupCheck.ofPaths(settings).forEach(LOG::warn);
            SetupCheck.ofMachine(settings, machine).forEach(LOG::warn);
            List<AgentInfo> found = found();
            if (found.stream().anyMatch(agent -> agent.version() == null)) {
                Thread.sleep(VERSION_WAIT);
                found = found();
            }
            SetupCheck.ofAgents(settings, found, machine).forEach(LOG::warn);
        } catch (InterruptedException over) {
            Thread.currentThread().interrupt();
        }
    }

    private List<AgentInfo> found() {
        return agents.stream().flatMap(agent -> agent.detect().stream()).toList();
    }
}
