package dev.vibe.runner.protocol;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.vibe.runner.domain.AgentType;
import dev.vibe.runner.domain.ServerCommand;
import dev.vibe.runner.domain.SessionId;
import dev.vibe.runner.domain.UserMessage;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads what a server sends. The input is not trusted: its size and depth are bounded, and whatever it is, the answer is
 * a command, a {@link ServerCommand.Malformed}, or nothing for an event this runner does not know; never an exception.
 * Stateless and safe for several threads; never blocks.
 */
public final class CommandDecoder {
    /**
     * Longer payloads are refused. A server with the usual settings sends frames of at most 1,000,000 bytes itself, and no more than
     * this can wait for an agent.
     */
    public static final int MAX_CHARS = 8 * 1024 * 1024;

    /**
     * What is longer than this and has a character that is not in Latin-1, for which Java takes two bytes each, is refused, so that no
     * message takes more memory than another.
     */
    public static final int MAX_WIDE_CHARS = MAX_CHARS / 2;

    /** Deeper payloads are refused. */
    public static final int MAX_DEPTH = 200;

    /** Of what a server says is wrong. */
    private static final int MAX_WORDS = 1_000;

    /** So are numbers of more digits: to read one takes time that grows faster than they do. */
    private static final int MAX_DIGITS = 1_000;

    private static final char LAST_OF_LATIN_1 = 0xFF;

    private static final JsonTree JSON = new JsonTree(StreamReadConstraints.builder()
            .maxNestingDepth(MAX_DEPTH)
            .maxStringLength(MAX_CHARS)
            .maxNumberLength(MAX_DIGITS)
            .build());

    /**
     * Decodes one event.
     *
     * @param event the event's name
     * @param payloadJson the JSON text of its first argument; {@code null} or empty where it has none
     * @return empty for an event this runner does not know
     */
    public Optional<ServerCommand> decode(String event, @Nullable String payloadJson) {
        if (event.equals(EventNames.REGISTERED)) {
            return Optional.of(RegisteredPayload.read(payloadJson));
        }
        Function<JsonNode, ServerCommand> reader = switch (event) {
            case EventNames.ERROR -> CommandDecoder::error;
            case EventNames.SESSION_START -> CommandDecoder::start;
            case EventNames.MESSAGE_SEND -> CommandDecoder::message;
            case EventNames.SESSION_STOP -> node -> new ServerCommand.StopSession(session(node));
            case EventNames.SESSION_INTERRUPT -> node -> new ServerCommand.InterruptSession(session(node));
            default -> null;
        };
        return reader == null ? Optional.empty() : Optional.of(read(event, payloadJson, reader));
    }

    private static ServerCommand read(String event, @Nullable String json, Function<JsonNode, ServerCommand> reader) {
        JsonNode node = null;
        try {
            node = parse(json);
            return reader.apply(node);
        } catch (IllegalArgumentException problem) {
            SessionId named = node != null ? namedBy(node) : json != null ? NamedSession.in(json) : null;
            return new ServerCommand.Malformed(event, named, String.valueOf(problem.getMessage()));
        }
    }

    private static JsonNode parse(@Nullable String json) {
        if (json == null || json.isEmpty()) {
            return MissingNode.getInstance();
        }
        if (json.length() > MAX_CHARS) {
            throw new IllegalArgumentException(
                    "the payload has " + json.length() + " characters, at most " + MAX_CHARS + " are read");
        }
        if (json.length() > MAX_WIDE_CHARS && wide(json)) {
            throw new IllegalArgumentException("the payload has " + json.length() + " characters, at most "
                    + MAX_WIDE_CHARS + " are read where some are beyond U+00FF");
        }
        try {
            return JSON.readFirst(json);
        } catch (StreamConstraintsException beyond) {
            throw new IllegalArgumentException(
                    "the payload is nested deeper than " + MAX_DEPTH + " levels, or has more than "
                            + JsonTree.MAX_TOKENS + " values, a number of more than " + MAX_DIGITS
                            + " digits or an endless name",
                    beyond);
        } catch (JsonProcessingException invalid) {
            throw new IllegalArgumentException("the payload is no JSON", invalid);
        }
    }

    /** Whether it has a character beyond Latin-1, as it is or escaped. */
    private static boolean wide(String json) {
        for (int i = 0; i < json.length(); i++) {
            char c = json.charAt(i);
            if (c > LAST_OF_LATIN_1 || (c == '\\' && json.startsWith("u", i + 1) && !json.startsWith("00", i + 2))) {
                return true;
            }
        }
        return false;
    }

    /** Cut: it is shown and logged, and remembered for a while. */
    private static ServerCommand error(JsonNode node) {
        JsonNode message = node.isTextual() ? node : node.path("message");
        String words = message.isTextual() ? message.textValue() : "no message given";
        return new ServerCommand.ServerError(
                words.length() <= MAX_WORDS ? words : words.substring(0, MAX_WORDS) + "...");
    }

    private static ServerCommand start(JsonNode node) {
        SessionId session = session(node);
        JsonNode initial = node.path("initialMessage");
        boolean silent =
                absent(initial) || (initial.isTextual() && initial.textValue().isEmpty());
        return new ServerCommand.StartSession(
                session,
                new AgentType(requiredText(node, "agentType")),
                optionalText(node, "workingDirectory"),
                silent ? null : userMessage(initial));
    }

    private static ServerCommand message(JsonNode node) {
        SessionId session = session(node);
        JsonNode message = node.path("message");
        if (absent(message)) {
            throw new IllegalArgumentException("message is missing");
        }
        return new ServerCommand.SendMessage(session, userMessage(message));
    }

    private static UserMessage userMessage(JsonNode node) {
        try {
            return node.isTextual()
                    ? new UserMessage.Text(Json.unicode(node.textValue()))
                    : new UserMessage.Structured(Json.unicode(JSON.write(node)));
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("what was read can be written", impossible);
        }
    }

    private static SessionId session(JsonNode node) {
        SessionId session = new SessionId(requiredText(node, "sessionId"));
        if (session.value().isEmpty()) {
            throw new IllegalArgumentException("sessionId is empty");
        }
        return session;
    }

    private static @Nullable SessionId sessionOrNull(String id) {
        try {
            return new SessionId(id);
        } catch (IllegalArgumentException impossible) {
            return null;
        }
    }

    private static @Nullable SessionId namedBy(JsonNode node) {
        JsonNode id = node.path("sessionId");
        return id.isTextual() ? sessionOrNull(id.textValue()) : null;
    }

    private static String requiredText(JsonNode node, String field) {
        if (!node.isObject()) {
            throw new IllegalArgumentException("the payload is not an object");
        }
        JsonNode value = node.path(field);
        if (absent(value)) {
            throw new IllegalArgumentException(field + " is missing");
        }
        if (!value.isTextual()) {
            throw new IllegalArgumentException(field + " is not a string");
        }
        return value.textValue();
    }

    private static @Nullable String optionalText(JsonNode node, String field) {
        JsonNode value = node.path(field);
        if (absent(value) || (value.isTextual() && value.textValue().isEmpty())) {
            return null;
        }
        return requiredText(node, field);
    }

    private static boolean absent(JsonNode node) {
        return node.isMissingNode() || node.isNull();
    }
}
