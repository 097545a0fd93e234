package dev.vibe.runner.bootstrap;

import dev.vibe.runner.application.port.out.Telemetry;
import dev.vibe.runner.bootstrap.control.FlightRecorder;
import dev.vibe.runner.bootstrap.http.HttpWatch;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Chooses who watches. On a plain start nobody does, and no class of theirs is loaded. */
final class Observers {
    /** Attaching is switched off, so a recording can begin with the process only; this is where its options come from. */
    private static final String JAVA_OPTIONS = "VIBE_RUNNER_JAVA_OPTS";

    private Observers() {}

    static List<Observer> chosen(RunnerSettings settings, BuildInfo build) {
        List<Observer> chosen = new ArrayList<>();
        settings.httpPort().ifPresent(port -> chosen.add(new HttpWatch(settings.httpHost(), port, build.version())));
        if (recording(settings.environment())) {
            chosen.add(new FlightRecorder());
        }
        return chosen;
    }

    /** Whether this process began with a flight recording. */
    static boolean recording(Map<String, String> environment) {
        return environment.getOrDefault(JAVA_OPTIONS, "").contains("StartFlightRecording");
    }

    static Telemetry telemetry(List<Observer> observers) {
        return switch (observers.size()) {
            case 0 -> Telemetry.NONE;
            case 1 -> observers.getFirst().telemetry();
            default ->
                new TelemetryFan(observers.stream().map(Observer::telemetry).toList());
        };
    }
}
