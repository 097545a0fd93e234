package dev.vibe.runner.bootstrap;

import dev.vibe.runner.application.port.in.Inspection;
import dev.vibe.runner.application.port.out.Telemetry;

/** A way to watch the runner that a setting has chosen; none is loaded unless one has. */
public interface Observer extends AutoCloseable {

    /** Hears what happens. */
    Telemetry telemetry();

    /** Begins, when the runner has. Never fails: what does not work is logged. */
    void start(Inspection inspection);

    @Override
    void close();
}
