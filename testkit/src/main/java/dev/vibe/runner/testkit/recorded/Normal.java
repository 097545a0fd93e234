package dev.vibe.runner.testkit.recorded;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What of a frame counts when two conversations are compared. Left out are frames that come when time passes: pings, and the
 * questions by which a runner learns what has arrived, which are put whenever a window is full or a moment idle. Replaced are ids and
 * versions. Fields of an object are sorted: their order means nothing.
 */
final class Normal {
    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
            .build();

    /** Chosen anew by a server or a runner each time, or different on each machine. */
    private static final Set<String> OWN = Set.of("sid", "metadata", "agentSessionId");

    /** Engine.IO ping and pong (2, 3), and Socket.IO packets of any namespace but the default one. */
    private static final Pattern PASSING = Pattern.compile("[23].{0,5}|4[0-4]/.*", Pattern.DOTALL);

    private static final Pattern PROBE = Pattern.compile("40(/[^,{]+),?.*", Pattern.DOTALL);
    private static final Pattern PROBE_ANSWER = Pattern.compile("4[04]/.*", Pattern.DOTALL);
    private static final Pattern FRAME = Pattern.compile("(\\d*)([\\[{].*)", Pattern.DOTALL);

    private Normal() {}

    static boolean passing(Entry entry) {
        return isFrame(entry) && PASSING.matcher(entry.text()).matches();
    }

    /** The namespace of a question what has arrived; null for any other frame. */
    static @org.jspecify.annotations.Nullable String probe(String frame) {
        Matcher matcher = PROBE.matcher(frame);
        return matcher.matches() ? matcher.group(1) : null;
    }

    static boolean isProbeAnswer(Entry entry) {
        return entry.kind() == Entry.Kind.SERVER
                && PROBE_ANSWER.matcher(entry.text()).matches();
    }

    /** Socket.IO's DISCONNECT: both sides close after it. */
    static boolean isLeaving(Entry entry) {
        return isFrame(entry) && entry.text().equals("41");
    }

    static boolean isClose(Entry entry) {
        return entry.kind() == Entry.Kind.RUNNER_CLOSED || entry.kind() == Entry.Kind.SERVER_CLOSED;
    }

    /** One line: connection, direction, content. */
    static String of(Entry entry) {
        String text = isFrame(entry) ? frame(entry.text()) : entry.text();
        return switch (entry.kind()) {
            case OPENED -> entry.link() + " runner opens " + text;
            case RUNNER -> entry.link() + " runner: " + text;
            case SERVER -> entry.link() + " server: " + text;
            case RUNNER_CLOSED -> entry.link() + " runner closes";
            case SERVER_CLOSED -> entry.link() + " server closes, " + text;
        };
    }

    private static boolean isFrame(Entry entry) {
        return entry.kind() == Entry.Kind.RUNNER || entry.kind() == Entry.Kind.SERVER;
    }

    private static String frame(String text) {
        Matcher matcher = FRAME.matcher(text);
        if (!matcher.matches()) {
            return text;
        }
        try {
            JsonNode json = JSON.readTree(matcher.group(2));
            replaceOwn(json);
            return matcher.group(1) + JSON.writeValueAsString(JSON.treeToValue(json, Object.class));
        } catch (JsonProcessingException _) {
            return text;
        }
    }

    private static void replaceOwn(JsonNode node) {
        if (node instanceof ObjectNode object) {
            for (Map.Entry<String, JsonNode> field : object.properties()) {
                if (OWN.contains(field.getKey())) {
                    object.put(field.getKey(), "*");
                }
            }
        }
        node.forEach(Normal::replaceOwn);
    }
}
