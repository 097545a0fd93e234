package dev.vibe.runner.adapter.metrics;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.vibe.runner.application.port.in.ConnectionView;
import dev.vibe.runner.application.port.in.EndpointView;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Whether the runner can do its work.
 *
 * @param reasons why not, for people; empty when it can
 */
record Health(List<String> reasons) {
    private static final JsonFactory FACTORY = new JsonFactory();

    /** It answers, so it lives: a runner without one of its essential threads ends itself. */
    static Health alive() {
        return new Health(List.of());
    }

    /** Sessions can start, and what they say is safe. */
    static Health ready(EndpointView view) {
        List<String> reasons = new ArrayList<>();
        ConnectionView connection = view.connection();
        if (connection.state() != ConnectionView.State.REGISTERED) {
            String last = connection.history().isEmpty()
                    ? "nothing has come of it yet"
                    : connection.history().getLast().why();
            reasons.add("not registered: " + connection.state().name().toLowerCase(Locale.ROOT) + " since "
                    + connection.since() + " (" + last + ")");
        }
        String problem = view.delivery().problem();
        if (problem != null) {
            reasons.add(problem);
        }
        return new Health(List.copyOf(reasons));
    }

    boolean good() {
        return reasons.isEmpty();
    }

    String json() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator out = FACTORY.createGenerator(bytes)) {
            out.writeStartObject();
            out.writeStringField("status", good() ? "ok" : "unavailable");
            out.writeArrayFieldStart("reasons");
            for (String reason : reasons) {
                out.writeString(reason);
            }
            out.writeEndArray();
            out.writeEndObject();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return bytes.toString(StandardCharsets.UTF_8) + "\n";
    }
}
