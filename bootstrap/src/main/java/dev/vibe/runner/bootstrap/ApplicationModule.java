package dev.vibe.runner.bootstrap;

import com.google.inject.AbstractModule;
import com.google.inject.Provides;
import com.google.inject.Singleton;
import dev.vibe.runner.application.Endpoint;
import dev.vibe.runner.application.EndpointSettings;
import dev.vibe.runner.application.port.out.AgentPort;
import dev.vibe.runner.application.port.out.Outbox;
import dev.vibe.runner.application.port.out.SessionStore;
import dev.vibe.runner.application.port.out.Telemetry;
import dev.vibe.runner.application.port.out.TransportPort;
import dev.vibe.runner.domain.EndpointId;
import java.util.List;
import java.util.Random;

/** The application itself. */
final class ApplicationModule extends AbstractModule {
    private final RunnerSettings settings;
    private final BuildInfo build;
    private final Telemetry telemetry;
    private final Redactor redactor;

    ApplicationModule(RunnerSettings settings, BuildInfo build, Telemetry telemetry, Redactor redactor) {
        this.settings = settings;
        this.build = build;
        this.telemetry = telemetry;
        this.redactor = redactor;
    }

    @Provides
    EndpointSettings endpointSettings() {
        return new EndpointSettings(
                new EndpointId(settings.endpointId()),
                settings.maxSessions(),
                Metadata.of(build, settings.environment()),
                settings.heartbeat(),
                settings.registerRetryMin(),
                settings.registerRetryMax(),
                settings.authGrace(),
                settings.startTimeout(),
                settings.stopGrace(),
                settings.limits(),
                settings.resume(),
                settings.outboxWhenFull() == WhenFull.DROP);
    }

    @Provides
    @Singleton
    Endpoint endpoint(
            EndpointSettings endpoint,
            TransportPort transport,
            List<AgentPort> agents,
            Outbox outbox,
            SessionStore store) {
        return new Endpoint(endpoint, transport, agents, outbox, store, new Random(), telemetry, redactor::redact);
    }
}
