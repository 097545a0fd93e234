package dev.vibe.runner.adapter.metrics;

import dev.vibe.runner.application.port.in.ConnectionView;
import dev.vibe.runner.application.port.in.EndpointView;
import dev.vibe.runner.application.port.in.Inspection;
import dev.vibe.runner.application.port.in.SessionView;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot.InfoDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What is looked at when somebody asks, with one look for all of it. */
final class Observed implements MultiCollector {
    private final Inspection inspection;
    private final String version;

    Observed(Inspection inspection, String version) {
        this.inspection = inspection;
        this.version = version;
    }

    @Override
    public MetricSnapshots collect() {
        EndpointView view = inspection.look();
        return new MetricSnapshots(List.of(
                info(view),
                sessions(view),
                gauge("sessions_limit", "How many sessions may run at once.", view.maxSessions()),
                memory(view),
                gauge(
                        "input_queue",
                        "Messages of the server that wait for agents.",
                        view.sessions().stream().mapToInt(SessionView::inputs).sum()),
                counter(
                        "agent_lines",
                        "Lines that agents wrote for the server.",
                        view.totals().lines()),
                counter(
                        "agent_output_bytes",
                        "Bytes of these lines; a character counts as one.",
                        view.totals().bytes()),
                gauge(
                        "delivery_unconfirmed",
                        "Events that the server has not confirmed.",
                        view.delivery().unconfirmed()),
                gauge(
                        "delivery_unconfirmed_bytes",
                        "Roughly, of these.",
                        view.delivery().bytes()),
                counter(
                        "delivery_resent",
                        "Events that were sent more than once.",
                        view.delivery().resent()),
                gauge(
                        "registered",
                        "1 while the server knows this endpoint.",
                        view.connection().state() == ConnectionView.State.REGISTERED ? 1 : 0),
                counter(
                        "link_reconnects",
                        "How often the connection had to be made anew.",
                        view.connection().reconnects())));
    }

    private MetricSnapshot info(EndpointView view) {
        return InfoSnapshot.builder()
                .name("vibe_runner")
                .help("Which runner this is.")
                .dataPoint(InfoDataPointSnapshot.builder()
                        .labels(Labels.of("endpoint", view.id().value(), "version", version))
                        .build())
                .build();
    }

    private static MetricSnapshot sessions(EndpointView view) {
        Map<Labels, Long> counts = view.sessions().stream()
                .collect(Collectors.groupingBy(
                        session -> Labels.of("agent", session.agent().name(), "state", session.state()),
                        TreeMap::new,
                        Collectors.counting()));
        GaugeSnapshot.Builder gauge =
                GaugeSnapshot.builder().name("vibe_runner_sessions").help("Sessions that hold a slot.");
        counts.forEach((labels, count) -> gauge.dataPoint(point(labels, count)));
        return gauge.build();
    }

    private static MetricSnapshot memory(EndpointView view) {
        Map<Labels, Long> sums = view.sessions().stream()
                .filter(session -> session.memoryBytes() != null)
                .collect(Collectors.groupingBy(
                        session -> Labels.of("agent", session.agent().name()),
                        TreeMap::new,
                        Collectors.summingLong(session -> {
                            Long bytes = session.memoryBytes();
                            return bytes == null ? 0 : bytes;
                        })));
        GaugeSnapshot.Builder gauge = GaugeSnapshot.builder()
                .name("vibe_runner_agent_memory_bytes")
                .help("Memory that the agents' processes hold.");
        sums.forEach((labels, bytes) -> gauge.dataPoint(point(labels, bytes)));
        return gauge.build();
    }

    private static GaugeDataPointSnapshot point(Labels labels, long value) {
        return GaugeDataPointSnapshot.builder()
                .labels(labels)
                .value((double) value)
                .build();
    }

    private static MetricSnapshot gauge(String name, String help, long value) {
        return GaugeSnapshot.builder()
                .name("vibe_runner_" + name)
                .help(help)
                .dataPoint(point(Labels.EMPTY, value))
                .build();
    }

    private static MetricSnapshot counter(String name, String help, long value) {
        return CounterSnapshot.builder()
                .name("vibe_runner_" + name)
                .help(help)
                .dataPoint(
                        CounterDataPointSnapshot.builder().value((double) value).build())
                .build();
    }
}
