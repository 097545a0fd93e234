package dev.vibe.runner.adapter.metrics;

import dev.vibe.runner.application.port.in.Inspection;
import dev.vibe.runner.application.port.out.Telemetry;
import dev.vibe.runner.domain.AgentType;
import dev.vibe.runner.domain.SessionId;
import io.prometheus.metrics.config.EscapingScheme;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.Unit;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The runner's metrics, in Prometheus's text format. Names follow OpenTelemetry's conventions as they look there ({@code
 * vibe.runner.turn.duration} in seconds is {@code vibe_runner_turn_duration_seconds}); docs/tools.md lists them.
 */
public final class Metrics implements Telemetry {
    private static final double NANOS_PER_SECOND = 1e9;
    private static final double[] INSTANTS = {0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5
    };
    private static final double[] STARTS = {0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60};
    private static final double[] TURNS = {0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600, 1800, 3600};

    private final PrometheusRegistry registry = new PrometheusRegistry();
    private final Counter starts = Counter.builder()
            .name("vibe_runner_session_starts_total")
            .help("Starts of sessions by what became of them: started, resumed, refused, failed.")
            .labelNames("agent", "outcome")
            .register(registry);
    private final Counter ends = Counter.builder()
            .name("vibe_runner_session_ends_total")
            .help("Ends of sessions: completed, stopped, shutdown, failed.")
            .labelNames("agent", "reason")
            .register(registry);
    private final Histogram spawns =
            histogram("agent_spawn", "From the decision to start an agent to its process.", STARTS);
    private final Histogram ready =
            histogram("agent_ready", "From an agent's process to its answered handshake.", STARTS);
    private final Histogram turns =
            histogram("turn_duration", "From a message to the end of the turn it began.", TURNS);
    private final Histogram roundTrips = Histogram.builder()
            .name("vibe_runner_link_round_trip_seconds")
            .help("From the question whether all has arrived to the server's answer.")
            .unit(Unit.SECONDS)
            .classicOnly()
            .classicUpperBounds(INSTANTS)
            .register(registry);

    private Histogram histogram(String name, String help, double[] bounds) {
        return Histogram.builder()
                .name("vibe_runner_" + name + "_seconds")
                .help(help)
                .unit(Unit.SECONDS)
                .classicOnly()
                .classicUpperBounds(bounds)
                .labelNames("agent")
                .register(registry);
    }

    /**
     * Adds what is asked for at each scrape. Called once.
     *
     * @param version of the runner
     */
    public void add(Inspection inspection, String version) {
        registry.register(new Observed(inspection, version));
    }

    /** All of it; the media type is {@link #contentType}. */
    String text() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            PrometheusTextFormatWriter.create().write(out, registry.scrape(), EscapingScheme.DEFAULT);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return out.toString(StandardCharsets.UTF_8);
    }

    static String contentType() {
        return PrometheusTextFormatWriter.CONTENT_TYPE;
    }

    @Override
    public void start(@Nullable AgentType agent, Start outcome) {
        // A name that the server chose and no agent bears is no label: there could be any number of them.
        String name = agent == null ? "unknown" : agent.name();
        starts.labelValues(name, outcome.name().toLowerCase(Locale.ROOT)).inc();
    }

    @Override
    public void ended(SessionId session, AgentType agent, String reason, Duration age) {
        ends.labelValues(agent.name(), reason).inc();
    }

    @Override
    public void spawned(SessionId session, AgentType agent, Duration took) {
        spawns.labelValues(agent.name()).observe(seconds(took));
    }

    @Override
    public void ready(SessionId session, AgentType agent, Duration took) {
        ready.labelValues(agent.name()).observe(seconds(took));
    }

    @Override
    public void turn(SessionId session, AgentType agent, Duration took) {
        turns.labelValues(agent.name()).observe(seconds(took));
    }

    @Override
    public void roundTrip(Duration took) {
        roundTrips.observe(seconds(Objects.requireNonNull(took)));
    }

    private static double seconds(Duration time) {
        return time.toNanos() / NANOS_PER_SECOND;
    }
}
