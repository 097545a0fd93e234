package dev.vibe.runner.e2b;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What a successful build sent.
 *
 * @param request the template that was asked for
 * @param build its image and steps
 * @param uploads the archives by their hash
 * @param output what the script printed
 */
record RecordedBuild(JsonNode request, JsonNode build, Map<String, Path> uploads, String output) {
    /**
     * A step.
     *
     * @param type COPY, RUN, USER or WORKDIR
     * @param args as E2B takes them
     * @param archive of a COPY, else empty
     */
    record Step(String type, List<String> args, Path archive) {
        String arg(int index) {
            return index < args.size() ? args.get(index) : "";
        }
    }

    /** Runs a build script against a stand-in; fails unless it succeeds. */
    static RecordedBuild of(String script, Map<String, String> settings) throws IOException, InterruptedException {
        Path scratch = Files.createTempDirectory(Files.createDirectories(Path.of("target/builds")), "build");
        try (E2bApi api = E2bApi.start(scratch.resolve("uploads"))) {
            Map<String, String> environment = new HashMap<>(BuildScript.environment(api));
            environment.putAll(settings);
            BuildScript run = BuildScript.run(script, scratch, environment);
            if (run.exitCode() != 0) {
                throw new AssertionError(run.toString());
            }
            return new RecordedBuild(
                    api.body("POST", "/v3/templates"), api.body("POST", "/builds/b-1"), api.uploads(), run.output());
        }
    }

    List<Step> steps() {
        List<Step> steps = new ArrayList<>();
        for (JsonNode step : build.path("steps")) {
            List<String> args = new ArrayList<>();
            step.path("args").forEach(arg -> args.add(arg.asText()));
            steps.add(new Step(
                    step.path("type").asText(),
                    args,
                    uploads.getOrDefault(step.path("filesHash").asText(), Path.of(""))));
        }
        return steps;
    }

    List<Step> steps(String type) {
        return steps().stream().filter(step -> step.type().equals(type)).toList();
    }
}
