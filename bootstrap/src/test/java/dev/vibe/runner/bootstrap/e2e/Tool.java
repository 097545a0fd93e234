package dev.vibe.runner.bootstrap.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/**
 * What a command of the distribution answered.
 *
 * @param said on stdout and stderr
 */
record Tool(int code, String said) {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** Runs {@code vibe-runner ARGUMENTS} to its end. */
    static Tool run(Path home, Map<String, String> environment, String... arguments)
            throws IOException, InterruptedException {
        Path directory = Files.createTempDirectory(home, "tool");
        try (RunnerProcess tool = RunnerProcess.start(directory, environment, arguments)) {
            int code = tool.awaitExit(PATIENCE);
            return new Tool(code, tool.log());
        }
    }

    JsonNode json() throws IOException {
        return JsonMapper.builder().build().readTree(said);
    }

    /** The line of a doctor's check. */
    String line(String check) {
        return said.lines()
                .filter(line -> line.substring(Math.min(6, line.length())).startsWith(check + " "))
                .findFirst()
                .orElse("no line about " + check + " in\n" + said);
    }
}
