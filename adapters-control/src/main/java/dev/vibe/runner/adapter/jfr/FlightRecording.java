package dev.vibe.runner.adapter.jfr;

import dev.vibe.runner.application.port.out.Telemetry;
import dev.vibe.runner.domain.AgentType;
import dev.vibe.runner.domain.SessionId;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What happens, as events of a flight recording; their names begin with {@code dev.vibe.runner}. */
public final class FlightRecording implements Telemetry {

    @Override
    public void start(@Nullable AgentType agent, Start outcome) {
        Events.SessionStart event = new Events.SessionStart();
        event.agent = agent == null ? "unknown" : agent.name();
        event.outcome = outcome.name().toLowerCase(Locale.ROOT);
        event.commit();
    }

    @Override
    public void spawned(SessionId session, AgentType agent, Duration took) {
        Events.AgentSpawn event = new Events.AgentSpawn();
        event.session = session.value();
        event.agent = agent.name();
        event.took = took.toNanos();
        event.commit();
    }

    @Override
    public void ready(SessionId session, AgentType agent, Duration took) {
        Events.AgentReady event = new Events.AgentReady();
        event.session = session.value();
        event.agent = agent.name();
        event.took = took.toNanos();
        event.commit();
    }

    @Override
    public void turn(SessionId session, AgentType agent, Duration took) {
        Events.Turn event = new Events.Turn();
        event.session = session.value();
        event.agent = agent.name();
        event.took = took.toNanos();
        event.commit();
    }

    @Override
    public void ended(SessionId session, AgentType agent, String reason, Duration age) {
        Events.SessionEnd event = new Events.SessionEnd();
        event.session = session.value();
        event.agent = agent.name();
        event.reason = reason;
        event.took = age.toNanos();
        event.commit();
    }

    @Override
    public void connected() {
        new Events.Connected().commit();
    }

    @Override
    public void disconnected(String reason) {
        Events.Disconnected event = new Events.Disconnected();
        event.reason = reason;
        event.commit();
    }

    @Override
    public void roundTrip(Duration took) {
        Events.RoundTrip event = new Events.RoundTrip();
        event.took = took.toNanos();
        event.commit();
    }
}
