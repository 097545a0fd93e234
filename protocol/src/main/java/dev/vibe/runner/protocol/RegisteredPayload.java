package dev.vibe.runner.protocol;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.vibe.runner.domain.EndpointId;
import dev.vibe.runner.domain.ServerCommand;
import dev.vibe.runner.domain.SessionId;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads the answer to a registration. That it came is what counts: refused for what it holds, the endpoint would register for ever, and
 * nothing of its sessions would be delivered. So what is not as it should be is as if it were not there, and from where it is no JSON
 * any more nothing is. Reads along: a server may list every session it ever had, more than would be read as a tree.
 */
final class RegisteredPayload {
    /** Of all that a server lists, so many are kept, the last ones: some 8 MB. */
    static final int MAX_RESUMED = 50_000;

    /** Up to here JavaScript can count, and so can whoever says what it has. */
    private static final long MAX_SEQ = (1L << 53) - 1;

    private final Map<SessionId, Long> newest = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<SessionId, Long> eldest) {
            return size() > MAX_RESUMED;
        }
    };
    private @Nullable EndpointId endpoint;

    private RegisteredPayload() {}

    /** @param json null or empty where the event has no payload. Never throws */
    static ServerCommand.Registered read(@Nullable String json) {
        RegisteredPayload payload = new RegisteredPayload();
        if (json != null) {
            try (JsonParser in = JsonReading.ALONG.createParser(json)) {
                if (in.nextToken() == JsonToken.START_OBJECT) {
                    payload.fields(in);
                }
            } catch (IOException unreadable) {
                return payload.result(); // what came before is not worse for it
            }
        }
        return payload.result();
    }

    private ServerCommand.Registered result() {
        return new ServerCommand.Registered(endpoint, newest);
    }

    private void fields(JsonParser in) throws IOException {
        while (in.nextToken() == JsonToken.FIELD_NAME) {
            String field = in.currentName();
            JsonToken value = in.nextToken();
            if (field.equals("endpointId") && value == JsonToken.VALUE_STRING) {
                endpoint = endpointOrNull(in.getText());
            } else if (field.equals("resume") && value == JsonToken.START_OBJECT) {
                resume(in);
            } else {
                in.skipChildren();
            }
        }
    }

    private void resume(JsonParser in) throws IOException {
        while (in.nextToken() == JsonToken.FIELD_NAME) {
            SessionId session = sessionOrNull(in.currentName());
            boolean number = in.nextToken() == JsonToken.VALUE_NUMBER_INT;
            if (session == null || !number || in.getNumberType() == JsonParser.NumberType.BIG_INTEGER) {
                in.skipChildren();
            } else if (in.getLongValue() <= MAX_SEQ) {
                newest.put(session, in.getLongValue());
            }
        }
    }

    private static @Nullable EndpointId endpointOrNull(String id) {
        try {
            return new EndpointId(id);
        } catch (IllegalArgumentException impossible) {
            return null;
        }
    }

    private static @Nullable SessionId sessionOrNull(String id) {
        try {
            return id.isEmpty() ? null : new SessionId(id);
        } catch (IllegalArgumentException impossible) {
            return null;
        }
    }
}
