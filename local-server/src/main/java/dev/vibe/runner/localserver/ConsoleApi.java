package dev.vibe.runner.localserver;

import static io.netty.handler.codec.http.HttpResponseStatus.BAD_REQUEST;
import static io.netty.handler.codec.http.HttpResponseStatus.CONFLICT;
import static io.netty.handler.codec.http.HttpResponseStatus.CREATED;
import static io.netty.handler.codec.http.HttpResponseStatus.NOT_FOUND;
import static io.netty.handler.codec.http.HttpResponseStatus.OK;
import static io.netty.handler.codec.http.HttpResponseStatus.UNAUTHORIZED;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.vibe.runner.protocol.EventNames;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The console's page and what it asks for. Every question needs the token from the page's URL; {@link Front} has looked at the rest. */
final class ConsoleApi {
    private static final Map<String, String> TYPES = Map.of(
            "html", "text/html; charset=utf-8",
            "js", "text/javascript; charset=utf-8",
            "css", "text/css; charset=utf-8");
    private static final Pattern PAGE = Pattern.compile("/([a-z]+\\.(html|js|css))?");
    private static final List<String> ACTIONS = List.of("messages", "interrupt", "stop");
    private static final String BEARER = "Bearer ";
    private static final long HISTORY_BYTES = 4_000_000;

    private final Hub hub;
    private final byte[] token;
    private final AtomicLong waiting = new AtomicLong();

    ConsoleApi(Hub hub, String token) {
        this.hub = hub;
        this.token = token.getBytes(StandardCharsets.UTF_8);
    }

    void handle(ChannelHandlerContext context, FullHttpRequest request) {
        QueryStringDecoder uri = new QueryStringDecoder(request.uri());
        byte[] page = request.method().equals(HttpMethod.GET) ? page(uri.path()) : null;
        if (page != null) {
            Replies.bytes(context, OK, type(uri.path()), page);
        } else if (!uri.path().startsWith("/api/")) {
            Replies.text(context, NOT_FOUND, "no such page");
        } else if (!allowed(request, uri)) {
            Replies.text(context, UNAUTHORIZED, "open the console by the address that vibe-runner local has printed");
        } else if (request.method().equals(HttpMethod.GET)) {
            get(context, uri);
        } else if (request.method().equals(HttpMethod.POST)) {
            post(context, uri.path().split("/", -1), request.content().toString(StandardCharsets.UTF_8));
        } else {
            Replies.text(context, BAD_REQUEST, "GET or POST");
        }
    }

    private void get(ChannelHandlerContext context, QueryStringDecoder uri) {
        String[] parts = uri.path().split("/", -1);
        if (uri.path().equals("/api/events")) {
            EventStream.begin(context, hub, waiting);
        } else if (uri.path().equals("/api/sessions")) {
            Replies.json(context, OK, hub.sessionList());
        } else if (parts.length == 5 && parts[2].equals("sessions") && parts[4].equals("messages")) {
            byte[] history = hub.history(parts[3], from(uri), HISTORY_BYTES).orElse(null);
            if (history == null) {
                Replies.text(context, NOT_FOUND, "no such session");
            } else {
                Replies.json(context, OK, history);
            }
        } else {
            Replies.text(context, NOT_FOUND, "no such thing");
        }
    }

    private void post(ChannelHandlerContext context, String[] parts, String body) {
        ObjectNode json = Wire.parse(body.isEmpty() ? "{}" : body);
        if (json == null || parts.length < 3 || !parts[2].equals("sessions")) {
            Replies.text(context, BAD_REQUEST, "a JSON object is wanted");
        } else if (parts.length == 3) {
            String agent = json.path("agentType").asText("");
            if (agent.isEmpty()) {
                Replies.text(context, BAD_REQUEST, "agentType is missing");
                return;
            }
            String id = hub.start(agent, json.path("workingDirectory").asText(null), json.get("initialMessage"));
            Replies.json(context, CREATED, Wire.bytes(Wire.object().put("sessionId", id)));
        } else if (parts.length == 5) {
            act(context, parts[3], parts[4], json);
        } else {
            Replies.text(context, NOT_FOUND, "no such thing");
        }
    }

    private void act(ChannelHandlerContext context, String session, String action, ObjectNode json) {
        if (!ACTIONS.contains(action)) {
            Replies.text(context, BAD_REQUEST, "there is no \"" + action + "\", but " + String.join(", ", ACTIONS));
        } else if (!hub.knows(session)) {
            Replies.text(context, NOT_FOUND, "no such session");
        } else if (action.equals("messages") && !json.has("message")) {
            Replies.text(context, BAD_REQUEST, "message is missing");
        } else if (done(session, action, json)) {
            Replies.json(context, OK, Wire.bytes(Wire.object()));
        } else {
            Replies.text(context, CONFLICT, "the session does not run, or its endpoint is not connected");
        }
    }

    private boolean done(String session, String action, ObjectNode json) {
        return switch (action) {
            case "messages" -> hub.say(session, json.get("message"));
            case "interrupt" -> hub.order(session, EventNames.SESSION_INTERRUPT);
            default -> hub.order(session, EventNames.SESSION_STOP);
        };
    }

    private boolean allowed(FullHttpRequest request, QueryStringDecoder uri) {
        String header = request.headers().get(HttpHeaderNames.AUTHORIZATION, "");
        List<String> query = uri.parameters().getOrDefault("token", List.of());
        String offered =
                header.startsWith(BEARER) ? header.substring(BEARER.length()) : query.isEmpty() ? "" : query.getFirst();
        return MessageDigest.isEqual(offered.getBytes(StandardCharsets.UTF_8), token);
    }

    private static long from(QueryStringDecoder uri) {
        try {
            return Long.parseLong(
                    uri.parameters().getOrDefault("from", List.of("0")).getFirst());
        } catch (NumberFormatException _) {
            return 0;
        }
    }

    /** A file of the page; null where there is none of this name. */
    private static byte @Nullable [] page(String path) {
        if (!PAGE.matcher(path).matches()) {
            return null;
        }
        String name = path.equals("/") ? "/index.html" : path;
        try (@Nullable InputStream in = ConsoleApi.class.getResourceAsStream("console" + name)) {
            return in == null ? null : in.readAllBytes();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static String type(String path) {
        String ending = path.equals("/") ? "html" : path.substring(path.lastIndexOf('.') + 1);
        return TYPES.getOrDefault(ending, "application/octet-stream");
    }
}
