package dev.vibe.runner.bootstrap;

import java.net.URI;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** What counts on this machine where a setting is not given. Needs no setting to be right. */
final class InForce {
    private static final Map<Setting<?>, Function<Map<String, String>, Optional<String>>> HERE = Map.of(
            SettingsTable.WORKING_DIR, environment -> text(Places.workingDirectory(environment)),
            SettingsTable.STATE_DIR, environment -> text(Places.stateDirectory(environment)),
            SettingsTable.LOG_FILE, InForce::logFile,
            SettingsTable.ENDPOINT_ID, RunnerSettings::lastingId,
            SettingsTable.TRANSPORT, InForce::transport);

    private InForce() {}

    /** The value, where this machine or another setting decides it; else what help says. */
    static String of(Setting<?> setting, Map<String, String> environment) {
        return HERE.getOrDefault(setting, _ -> Optional.empty())
                .apply(environment)
                .orElse(setting.fallbackShown());
    }

    private static Optional<String> text(Path path) {
        return Optional.of(path.toString());
    }

    private static Optional<String> logFile(Map<String, String> environment) {
        Path state = new SettingsReader(environment)
                .read(SettingsTable.STATE_DIR)
                .flatMap(given -> given)
                .orElseGet(() -> Places.stateDirectory(environment));
        return Places.logFile("auto", state).map(Path::toString);
    }

    private static Optional<String> transport(Map<String, String> environment) {
        Optional<URI> server = new SettingsReader(environment).read(SettingsTable.SERVER_URL);
        return server.map(url -> TransportKind.AUTO.of(url).name().toLowerCase(Locale.ROOT));
    }
}
