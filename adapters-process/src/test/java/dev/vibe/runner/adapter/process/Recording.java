package dev.vibe.runner.adapter.process;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** A conversation with a real agent, recorded line by line. */
record Recording(List<Line> lines) {
    /** One line: {@code in} to the agent, {@code out} from it. */
    record Line(String direction, String text) {}

    static Recording of(String name) throws Exception {
        List<Line> lines = new ArrayList<>();
        try (InputStream file =
                Objects.requireNonNull(Recording.class.getResourceAsStream("/recordings/" + name + ".jsonl"), name)) {
            for (String text : new String(file.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList()) {
                JsonNode json = Json.read(text);
                lines.add(new Line(json.path("dir").asText(), json.path("line").asText()));
            }
        }
        return new Recording(lines);
    }
}
