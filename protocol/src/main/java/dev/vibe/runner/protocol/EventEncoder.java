package dev.vibe.runner.protocol;

import dev.vibe.runner.domain.AgentInfo;
import dev.vibe.runner.domain.Capabilities;
import dev.vibe.runner.domain.EndpointEvent;
import dev.vibe.runner.domain.OutputLine;
import dev.vibe.runner.domain.SessionEvent;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Writes events as the protocol wants them. An agent's line that is JSON is carried as it stands, its syntax checked
 * and never turned into a tree. Safe for several threads; never blocks, never throws for any event.
 */
public final class EventEncoder {
    private static final int HEAD_CHARS = 16_384;
    private static final int SHORTEST_ERROR = 16;

    private final String endpointType;
    private final Supplier<String> authToken;
    private final LineFrames lines = new LineFrames();

    /**
     * @param endpointType announced at registration, {@code cloud-e2b} in the known deployments
     * @param authToken the server's secret; appears in registrations and nowhere else
     */
    public EventEncoder(String endpointType, String authToken) {
        this(endpointType, () -> authToken);
    }

    /**
     * For a secret that may be renewed.
     *
     * @param endpointType as above
     * @param authToken asked at each registration, by whichever thread encodes it
     */
    public EventEncoder(String endpointType, Supplier<String> authToken) {
        this.endpointType = endpointType;
        this.authToken = authToken;
    }

    /**
     * Encodes one event.
     *
     * @param maxBytes the longest payload, in bytes of UTF-8, that may result; an output line that would be longer is
     *     replaced by a marker with its length and head, an error text is cut. Below about 400 it cannot be kept.
     */
    public EncodedEvent encode(EndpointEvent event, int maxBytes) {
        if (event instanceof EndpointEvent.Register register) {
            // Before the switch, for which Java makes code when it comes there first: the start does not wait for that.
            return new EncodedEvent(EventNames.REGISTER, register(register));
        }
        return switch (event) {
            case EndpointEvent.Register register -> new EncodedEvent(EventNames.REGISTER, register(register));
            case EndpointEvent.Heartbeat(var endpoint, var news) ->
                new EncodedEvent(EventNames.HEARTBEAT, heartbeat(object("endpointId", endpoint.value()), news));
            case EndpointEvent.Unregister(var endpoint) ->
                new EncodedEvent(EventNames.UNREGISTER, object("endpointId", endpoint.value()));
            case SessionEvent.Started started -> new EncodedEvent(EventNames.SESSION_STARTED, started(started));
            case SessionEvent.Output output ->
                new EncodedEvent(EventNames.MESSAGE_FROM_AGENT, output(output, maxBytes));
            case SessionEvent.Notice notice ->
                new EncodedEvent(
                        EventNames.MESSAGE_FROM_AGENT,
                        message(notice.sessionId().value(), notice(notice), "stderr", notice.seq()));
            case SessionEvent.Ended ended -> new EncodedEvent(EventNames.SESSION_ENDED, ended(ended));
            case SessionEvent.Failed failed -> new EncodedEvent(EventNames.SESSION_ERROR, failed(failed, maxBytes));
        };
    }

    /**
     * Encodes one event as the bytes of a whole frame. What an agent said is checked and copied once, and nothing else.
     *
     * @param maxBytes as in {@link #encode}, of the payload alone
     */
    public byte[] frame(EndpointEvent event, int maxBytes, Envelope envelope) {
        if (event instanceof SessionEvent.Output output) {
            byte[] frame = lines.frame(output, maxBytes, envelope);
            if (frame != null) {
                return frame;
            }
        }
        EncodedEvent encoded = encode(event, maxBytes);
        return (envelope.before() + encoded.name() + envelope.between() + encoded.json() + envelope.after())
                .getBytes(StandardCharsets.UTF_8);
    }

    private String register(EndpointEvent.Register event) {
        StringBuilder out = new StringBuilder(512).append("{\"endpointId\":");
        Json.quote(out, event.endpointId().value()).append(",\"type\":");
        Json.quote(out, endpointType).append(',');
        capabilities(out, event.capabilities()).append(",\"metadata\":{");
        for (Map.Entry<String, String> entry : event.metadata().entrySet()) {
            Json.quote(out, entry.getKey()).append(':');
            Json.quote(out, entry.getValue()).append(',');
        }
        versions(out, event.capabilities()).append("},\"authToken\":");
        return Json.quote(out, authToken.get()).append('}').toString();
    }

    private static String heartbeat(String fields, @Nullable Capabilities news) {
        if (news == null) {
            return fields;
        }
        StringBuilder out =
                new StringBuilder(fields).deleteCharAt(fields.length() - 1).append(',');
        versions(capabilities(out, news).append(",\"metadata\":{"), news);
        return out.append("}}").toString();
    }

    private static StringBuilder capabilities(StringBuilder out, Capabilities capabilities) {
        out.append("\"capabilities\":{\"maxSessions\":")
                .append(capabilities.maxSessions())
                .append(",\"supportedAgents\":[");
        String comma = "";
        for (AgentInfo agent : capabilities.supportedAgents()) {
            Json.quote(out.append(comma), agent.type().name());
            comma = ",";
        }
        return out.append("]}");
    }

    private static StringBuilder versions(StringBuilder out, Capabilities capabilities) {
        out.append("\"agentVersions\":{");
        String comma = "";
        for (AgentInfo agent : capabilities.supportedAgents()) {
            String version = agent.version();
            if (version != null) {
                Json.quote(out.append(comma), agent.type().name()).append(':');
                Json.quote(out, version);
                comma = ",";
            }
        }
        return out.append('}');
    }

    private static String started(SessionEvent.Started event) {
        String agentSession = event.agentSessionId();
        return agentSession == null
                ? object(
                        "sessionId", event.sessionId().value(),
                        "endpointId", event.endpointId().value())
                : object(
                        "sessionId", event.sessionId().value(),
                        "endpointId", event.endpointId().value(),
                        "agentSessionId", agentSession);
    }

    private static String ended(SessionEvent.Ended event) {
        String fields = object(
                "sessionId", event.sessionId().value(),
                "endpointId", event.endpointId().value(),
                "reason", event.reason());
        Integer exitCode = event.exitCode();
        return exitCode == null ? fields : fields.substring(0, fields.length() - 1) + ",\"exitCode\":" + exitCode + "}";
    }

    private static String output(SessionEvent.Output event, int maxBytes) {
        OutputLine line = event.line();
        boolean json = JsonSyntax.isValue(line.utf8());
        String session = event.sessionId().value();
        String channel = line.channel().wireName();
        // Looked at first: a control character takes six in JSON, and what does not fit need not be written.
        long least = json ? line.utf8().length : Bytes.quotedLength(line.utf8());
        String payload =
                least > maxBytes ? null : message(session, json ? line.text() : text(line), channel, event.seq());
        for (int head = HEAD_CHARS; payload == null || (tooLong(payload, maxBytes) && head > 0); head /= 8) {
            payload = message(session, Marker.of(line, json, maxBytes, head), channel, event.seq());
        }
        return payload;
    }

    private static String message(String sessionId, String message, String channel, long seq) {
        StringBuilder out = new StringBuilder(message.length() + sessionId.length() + 80);
        return end(begin(out, sessionId).append(message), channel, seq).toString();
    }

    private static StringBuilder begin(StringBuilder out, String sessionId) {
        return Json.quote(out.append("{\"sessionId\":"), sessionId).append(",\"message\":");
    }

    private static StringBuilder end(StringBuilder out, String channel, long seq) {
        return out.append(",\"type\":\"")
                .append(channel)
                .append("\",\"seq\":")
                .append(seq)
                .append('}');
    }

    private static String text(OutputLine line) {
        return object(
                "type", "text", "content", line.text(), "source", line.channel().wireName());
    }

    private static String notice(SessionEvent.Notice notice) {
        return object("type", "vibe:notice", "code", notice.code(), "content", notice.text());
    }

    private static boolean tooLong(String payload, int maxBytes) {
        return payload.length() > maxBytes / 3 && Json.utf8Length(payload) > maxBytes;
    }

    private static String failed(SessionEvent.Failed event, int maxBytes) {
        String error = event.error();
        String payload = failed(event, error);
        for (int chars = Math.min(error.length(), maxBytes); tooLong(payload, maxBytes) && chars > SHORTEST_ERROR; ) {
            chars = chars * 7 / 8;
            payload = failed(event, error.substring(0, chars) + " [cut]");
        }
        return payload;
    }

    private static String failed(SessionEvent.Failed event, String error) {
        return object(
                "sessionId",
                event.sessionId().value(),
                "endpointId",
                event.endpointId().value(),
                "error",
                error);
    }

    private static String object(String... namesAndValues) {
        StringBuilder out = new StringBuilder(128).append('{');
        for (Iterator<String> it = java.util.List.of(namesAndValues).iterator(); it.hasNext(); ) {
            if (out.length() > 1) {
                out.append(',');
            }
            Json.quote(out, it.next()).append(':');
            Json.quote(out, it.next());
        }
        return out.append('}').toString();
    }
}
