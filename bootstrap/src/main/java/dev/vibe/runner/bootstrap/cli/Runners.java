package dev.vibe.runner.bootstrap.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.vibe.runner.adapter.control.ControlClient;
import dev.vibe.runner.adapter.control.ControlSockets;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The runners that answer in a state directory. */
final class Runners {
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    static final JsonMapper JSON = JsonMapper.builder().build();

    private Runners() {}

    /** What each of them says of itself; those that died are left out. */
    static List<JsonNode> ask(Path stateDirectory) throws IOException, InterruptedException {
        List<JsonNode> found = new ArrayList<>();
        for (Path socket : ControlSockets.in(stateDirectory)) {
            try {
                found.add(JSON.readTree(ControlClient.read(socket, PATIENCE)));
            } catch (IOException dead) {
                // Its runner died.
            }
        }
        return found;
    }
}
