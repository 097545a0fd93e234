package dev.vibe.runner.bootstrap.doctor;

import dev.vibe.runner.application.port.out.AgentGoneException;
import dev.vibe.runner.application.port.out.AgentLaunchException;
import dev.vibe.runner.application.port.out.AgentPort;
import dev.vibe.runner.application.port.out.RunningAgent;
import dev.vibe.runner.application.port.out.SessionRequest;
import dev.vibe.runner.bootstrap.Parts;
import dev.vibe.runner.bootstrap.RunnerSettings;
import dev.vibe.runner.domain.AgentInfo;
import dev.vibe.runner.domain.AgentType;
import dev.vibe.runner.domain.EndpointId;
import dev.vibe.runner.domain.OutputLine;
import dev.vibe.runner.domain.SessionId;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedDeque;

/** Whether agents are here, can log in, start, and answer. No model is asked anything. */
final class AgentChecks {
    private static final Duration VERSION_WAIT = Duration.ofSeconds(5);
    private static final long VERSION_PAUSE_MILLIS = 100;
    private static final int WORDS = 3;

    private final RunnerSettings settings;
    private final Parts parts;
    private final boolean start;
    private final Findings findings;

    AgentChecks(RunnerSettings settings, Parts parts, boolean start, Findings findings) {
        this.settings = settings;
        this.parts = parts;
        this.start = start;
        this.findings = findings;
    }

    void examine(List<AgentPort> agents) throws InterruptedException {
        boolean any = false;
        for (AgentPort agent : agents) {
            Optional<AgentInfo> found = found(agent);
            if (found.isEmpty()) {
                missing(agent);
                continue;
            }
            any = true;
            String version = found.get().version();
            findings.ok(name(agent), version == null ? "found, its version is unknown" : "found, version " + version);
            parts.suspicions(found.get()).forEach(problem -> findings.warn(name(agent), problem));
            if (start) {
                start(agent);
            }
        }
        if (!any) {
            findings.fail(
                    "agents",
                    "no agent is found: install Claude Code (npm install -g @anthropic-ai/claude-code) or Codex (npm"
                            + " install -g @openai/codex), or say where they are in VIBE_CLAUDE_PATH, VIBE_CODEX_PATH");
        }
    }

    private void missing(AgentPort agent) {
        String variable = "VIBE_" + agent.type().name().toUpperCase(Locale.ROOT) + "_PATH";
        Optional<Path> given = agent.type().equals(AgentType.CODEX) ? settings.codexPath() : settings.claudePath();
        if (given.isPresent()) {
            findings.warn(name(agent), "there is no executable file at " + given.get() + " (" + variable + ")");
        } else {
            findings.skip(
                    name(agent),
                    "not installed here: " + agent.type() + " is not on PATH nor in the usual places (" + variable
                            + ")");
        }
    }

    private static String name(AgentPort agent) {
        return agent.type().name();
    }

    /** An agent that must be asked for its version answers a moment later; the scripted one has none. */
    private Optional<AgentInfo> found(AgentPort agent) throws InterruptedException {
        long end = System.nanoTime() + VERSION_WAIT.toNanos();
        Optional<AgentInfo> found = agent.detect();
        while (found.isPresent()
                && found.get().version() == null
                && !agent.type().equals(AgentType.SCRIPTED)
                && System.nanoTime() < end) {
            Thread.sleep(VERSION_PAUSE_MILLIS);
            found = agent.detect();
        }
        return found;
    }

    private void start(AgentPort agent) throws InterruptedException {
        SessionRequest request =
                new SessionRequest(new SessionId(UUID.randomUUID().toString()), new EndpointId("doctor"), null);
        long begun = System.nanoTime();
        RunningAgent running;
        try {
            running = agent.launch(request);
        } catch (AgentLaunchException refused) {
            findings.fail(name(agent), "does not start: " + refused.getMessage());
            return;
        }
        ConcurrentLinkedDeque<String> said = new ConcurrentLinkedDeque<>();
        Thread reader = Thread.ofPlatform().daemon().name("doctor-reader").start(() -> read(running, said));
        try {
            if (running.awaitReady(settings.startTimeout())) {
                findings.ok(
                        name(agent),
                        "starts and answers its handshake within " + (System.nanoTime() - begun) / 1_000_000 + " ms");
            } else {
                findings.fail(
                        name(agent),
                        "starts, but does not answer within "
                                + settings.startTimeout().toSeconds() + " s (VIBE_START_TIMEOUT_SECONDS)"
                                + words(said));
            }
        } catch (AgentGoneException ended) {
            reader.join(settings.stopGrace());
            findings.fail(name(agent), "ends instead of answering its handshake" + words(said));
        } finally {
            running.stop(settings.stopGrace());
            var _ = running.awaitExit();
        }
    }

    private static void read(RunningAgent running, ConcurrentLinkedDeque<String> said) {
        try {
            for (OutputLine line = running.next(); line != null; line = running.next()) {
                said.addLast(line.text());
                if (said.size() > WORDS) {
                    said.pollFirst();
                }
            }
        } catch (InterruptedException over) {
            Thread.currentThread().interrupt();
        }
    }

    private static String words(ConcurrentLinkedDeque<String> said) {
        return said.isEmpty() ? "; it says nothing" : "; it says: " + String.join(" / ", said);
    }
}
