package dev.vibe.runner.bootstrap;

import dev.vibe.runner.application.port.out.Telemetry;
import dev.vibe.runner.domain.AgentType;
import dev.vibe.runner.domain.SessionId;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Tells several. */
record TelemetryFan(List<Telemetry> all) implements Telemetry {
    @Override
    public void start(@Nullable AgentType agent, Start outcome) {
        all.forEach(each -> each.start(agent, outcome));
    }

    @Override
    public void spawned(SessionId session, AgentType agent, Duration took) {
        all.forEach(each -> each.spawned(session, agent, took));
    }

    @Override
    public void ready(SessionId session, AgentType agent, Duration took) {
        all.forEach(each -> each.ready(session, agent, took));
    }

    @Override
    public void turn(SessionId session, AgentType agent, Duration took) {
        all.forEach(each -> each.turn(session, agent, took));
    }

    @Override
    public void ended(SessionId session, AgentType agent, String reason, Duration age) {
        all.forEach(each -> each.ended(session, agent, reason, age));
    }

    @Override
    public void connected() {
        all.forEach(Telemetry::connected);
    }

    @Override
    public void disconnected(String reason) {
        all.forEach(each -> each.disconnected(reason));
    }

    @Override
    public void roundTrip(Duration took) {
        all.forEach(each -> each.roundTrip(took));
    }
}
