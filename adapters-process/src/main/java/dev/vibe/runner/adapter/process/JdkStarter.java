package dev.vibe.runner.adapter.process;

import java.io.IOException;
import java.util.Map;

/** Java's own way, behind {@code setsid} and a gate: four programs one after the other. Works everywhere. */
final class JdkStarter implements Starter {
    @Override
    public Process start(Launch launch) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(OwnSession.wrap(launch.command()));
        builder.directory(launch.directory().toFile());
        Map<String, String> environment = builder.environment();
        // Values that stay the same keep their bytes: Java's own decoding would spoil them in a C locale.
        environment.keySet().retainAll(launch.environment().keySet());
        launch.environment().forEach((key, value) -> {
            if (!value.equals(environment.get(key))) {
                environment.put(key, value);
            }
        });
        environment.put(Mark.VARIABLE, launch.mark().value());
        return builder.start();
    }

    @Override
    public boolean gated() {
        return true;
    }
}
