package dev.vibe.runner.adapter.control;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.vibe.runner.application.port.in.ConnectionView;
import dev.vibe.runner.application.port.in.EndpointView;
import dev.vibe.runner.application.port.in.SessionView;
import dev.vibe.runner.domain.AgentInfo;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A runner as one JSON object; docs/tools.md describes it. */
public final class ViewJson {
    private static final JsonFactory FACTORY = new JsonFactory();
    private static final double NANOS_PER_MILLI = 1e6;

    private ViewJson() {}

    /** All of it, in UTF-8. */
    public static byte[] of(RunnerFacts facts, EndpointView view) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator out = FACTORY.createGenerator(bytes)) {
            out.writeStartObject();
            out.writeStringField("endpoint", view.id().value());
            out.writeStringField("version", facts.version());
            out.writeNumberField("pid", facts.pid());
            out.writeNumberField("memoryBytes", facts.memoryBytes());
            out.writeStringField("startedAt", view.startedAt().toString());
            out.writeStringField("server", facts.server());
            out.writeStringField("transport", facts.transport());
            out.writeStringField("logFile", facts.logFile());
            out.writeNumberField("maxSessions", view.maxSessions());
            agents(out, view);
            connection(out, view.connection());
            delivery(out, view);
            out.writeArrayFieldStart("sessions");
            for (SessionView session : view.sessions()) {
                session(out, session);
            }
            out.writeEndArray();
            problems(out, facts);
            out.writeEndObject();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return bytes.toByteArray();
    }

    private static void agents(JsonGenerator out, EndpointView view) throws IOException {
        out.writeArrayFieldStart("agents");
        for (AgentInfo agent : view.agents()) {
            out.writeStartObject();
            out.writeStringField("type", agent.type().name());
            out.writeStringField("version", agent.version());
            out.writeEndObject();
        }
        out.writeEndArray();
    }

    private static void connection(JsonGenerator out, ConnectionView connection) throws IOException {
        out.writeObjectFieldStart("connection");
        out.writeStringField("state", name(connection.state()));
        out.writeStringField("since", connection.since().toString());
        out.writeNumberField("connections", connection.connections());
        out.writeNumberField("reconnects", connection.reconnects());
        millis(out, "roundTripMillis", connection.roundTrip());
        out.writeArrayFieldStart("history");
        for (ConnectionView.Change change : connection.history()) {
            out.writeStartObject();
            out.writeStringField("at", change.at().toString());
            out.writeStringField("state", name(change.state()));
            out.writeStringField("why", change.why());
            out.writeNumberField("times", change.times());
            out.writeEndObject();
        }
        out.writeEndArray();
        out.writeEndObject();
    }

    private static String name(ConnectionView.State state) {
        return state.name().toLowerCase(Locale.ROOT);
    }

    private static void delivery(JsonGenerator out, EndpointView view) throws IOException {
        out.writeObjectFieldStart("delivery");
        out.writeNumberField("unconfirmed", view.delivery().unconfirmed());
        out.writeNumberField("bytes", view.delivery().bytes());
        out.writeNumberField("resent", view.delivery().resent());
        out.writeStringField("problem", view.delivery().problem());
        out.writeEndObject();
        out.writeObjectFieldStart("totals");
        out.writeNumberField("lines", view.totals().lines());
        out.writeNumberField("bytes", view.totals().bytes());
        out.writeEndObject();
    }

    private static void session(JsonGenerator out, SessionView session) throws IOException {
        out.writeStartObject();
        out.writeStringField("id", session.id().value());
        out.writeStringField("agent", session.agent().name());
        out.writeStringField("state", session.state());
        out.writeNumberField("ageSeconds", session.age().toSeconds());
        millis(out, "turnMillis", session.turn());
        out.writeBooleanField("working", session.working());
        number(out, "pid", session.pid());
        number(out, "memoryBytes", session.memoryBytes());
        millis(out, "cpuMillis", session.cpu());
        out.writeNumberField("lines", session.lines());
        out.writeNumberField("bytes", session.bytes());
        out.writeNumberField("inputs", session.inputs());
        out.writeNumberField("unconfirmed", session.unconfirmed());
        out.writeEndObject();
    }

    private static void problems(JsonGenerator out, RunnerFacts facts) throws IOException {
        out.writeArrayFieldStart("problems");
        for (RunnerFacts.Problem problem : facts.problems()) {
            out.writeStartObject();
            out.writeStringField("at", problem.at().toString());
            out.writeStringField("level", problem.level());
            out.writeStringField("text", problem.text());
            out.writeEndObject();
        }
        out.writeEndArray();
    }

    private static void millis(JsonGenerator out, String name, @Nullable Duration time) throws IOException {
        out.writeFieldName(name);
        if (time == null) {
            out.writeNull();
        } else {
            out.writeNumber(Math.round(time.toNanos() / NANOS_PER_MILLI * 1000) / 1000.0);
        }
    }

    private static void number(JsonGenerator out, String name, @Nullable Long value) throws IOException {
        out.writeFieldName(name);
        if (value == null) {
            out.writeNull();
        } else {
            out.writeNumber(value);
        }
    }
}
