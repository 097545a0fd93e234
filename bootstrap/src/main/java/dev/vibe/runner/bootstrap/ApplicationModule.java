package dev.vibe.runner.bootstrap;

import com.google.inject.AbstractModule;
import com.google.inject.Key;
import com.google.inject.Provider;
import com.google.inject.Scopes;
import com.google.inject.TypeLiteral;
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

/**
 * The application itself. These modules name their providers instead of annotating methods: for each annotation Java writes a proxy class
 * when it is first asked for, which with Guice's search for methods was a fifth of the main thread's start.
 */
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

    @Override
    protected void configure() {
        Provider<TransportPort> transport = getProvider(TransportPort.class);
        Provider<List<AgentPort>> agents = getProvider(Key.get(new TypeLiteral<List<AgentPort>>() {}));
        Provider<Outbox> outbox = getProvider(Outbox.class);
        Provider<SessionStore> store = getProvider(SessionStore.class);
        bind(Endpoint.class)
                .toProvider(() -> new Endpoint(
                        endpointSettings(),
                        transport.get(),
                        agents.get(),
                        outbox.get(),
                        store.get(),
                        new Random(),
                        telemetry,
                        redactor::redact))
                .in(Scopes.SINGLETON);
    }

    private EndpointSettings endpointSettings() {
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
}
