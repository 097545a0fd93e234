package dev.vibe.runner.bootstrap.http;

import dev.vibe.runner.adapter.metrics.Metrics;
import dev.vibe.runner.adapter.metrics.WatchServer;
import dev.vibe.runner.application.port.in.Inspection;
import dev.vibe.runner.application.port.out.Telemetry;
import dev.vibe.runner.bootstrap.Observer;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Health and metrics over HTTP. A port that cannot be had is worth a warning, not a runner that does not start. */
public final class HttpWatch implements Observer {
    private static final Logger LOG = LoggerFactory.getLogger(HttpWatch.class);

    private final String host;
    private final int port;
    private final String version;
    private final Metrics metrics = new Metrics();
    private @Nullable WatchServer server;

    /** @param host where to listen */
    public HttpWatch(String host, int port, String version) {
        this.host = host;
        this.port = port;
        this.version = version;
    }

    @Override
    public Telemetry telemetry() {
        return metrics;
    }

    @Override
    public void start(Inspection inspection) {
        metrics.add(inspection, version);
        try {
            WatchServer opened = WatchServer.open(host, port, inspection, metrics);
            server = opened;
            LOG.info("health and metrics: http://{}:{}/metrics", host.contains(":") ? "[" + host + "]" : host, port);
        } catch (IOException refused) {
            LOG.warn("no health and metrics: {}; VIBE_HTTP_PORT, VIBE_HTTP_HOST say where", refused.getMessage());
        }
    }

    @Override
    public void close() {
        WatchServer running = server;
        if (running != null) {
            running.close();
        }
    }
}
