package dev.vibe.runner.bootstrap.control;

import dev.vibe.runner.adapter.jfr.FlightRecording;
import dev.vibe.runner.application.port.in.Inspection;
import dev.vibe.runner.application.port.out.Telemetry;
import dev.vibe.runner.bootstrap.Observer;

/** The flight recording that the process was started with. */
public final class FlightRecorder implements Observer {
    @Override
    public Telemetry telemetry() {
        return new FlightRecording();
    }

    @Override
    public void start(Inspection inspection) {
        // It is told what happens, and asks for nothing.
    }

    @Override
    public void close() {
        // The runtime writes the recording at its exit.
    }
}
