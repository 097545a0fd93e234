package dev.vibe.runner.adapter.process;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads a JSON object of any size, byte by byte, and keeps its short type and id values of the upper levels. Constant
 * memory: deeper levels are only counted. It does not judge the whole grammar, only what is needed to tell an object from
 * something else: balanced brackets, closed strings, nothing after the end.
 */
final class JsonSkeleton {
    private static final int MAX_LEVELS = 3;
    private static final int MAX_KEY = 64;
    private static final int MAX_VALUE = 256;
    private static final int MAX_KEPT = 40;
    private static final Set<String> KEPT_KEYS = Set.of(
            "type",
            "subtype",
            "method",
            "id",
            "uuid",
            "session_id",
            "request_id",
            "parent_tool_use_id",
            "tool_use_id",
            "tool_name",
            "role",
            "model",
            "is_error",
            "stop_reason",
            "num_turns",
            "threadId",
            "turnId",
            "itemId",
            "requestId",
            "processId",
            "status",
            "exitCode");

    private record Kept(List<String> path, String json) {}

    private final List<Kept> kept = new ArrayList<>();
    /** Keys from the root to the object being read; only while all levels above are objects. */
    private final @Nullable String[] keys = new @Nullable String[MAX_LEVELS + 1];

    private final StringBuilder token = new StringBuilder();
    private long depth;
    /** The deepest level whose ancestors are all objects and not too deep. */
    private int tracked;

    private boolean started;
    private boolean ended;
    private boolean broken;
    private boolean inString;
    private boolean escaped;
    private boolean expectKey;
    private boolean collecting;
    private boolean inScalar;

    void accept(byte[] bytes, int from, int to) {
        for (int i = from; i < to && !broken; i++) {
            accept(bytes[i]);
        }
    }

    /** Null where the line was not one JSON object. */
    @Nullable
    ObjectNode finish() {
        if (broken || !ended) {
            return null;
        }
        ObjectNode root = Json.object();
        for (Kept one : kept) {
            put(root, one);
        }
        return root;
    }

    private void accept(byte b) {
        if (inString) {
            string(b);
            return;
        }
        switch (b) {
            case ' ', '\t', '\r' -> endScalar();
            case '"' -> open();
            case '{', '[' -> down(b == '{');
            case '}', ']' -> up();
            case ',' -> {
                endScalar();
                broken = depth == 0;
                expectKey = atTracked();
            }
            case ':' -> {
                broken = depth == 0;
                expectKey = false;
            }
            default -> scalar(b);
        }
    }

    private void string(byte b) {
        if (escaped) {
            escaped = false;
            collect(b);
        } else if (b == '\\') {
            escaped = true;
            collect(b);
        } else if (b == '"') {
            inString = false;
            closeString();
        } else {
            collect(b);
        }
    }

    private void open() {
        if (depth == 0) {
            broken = true;
            return;
        }
        inString = true;
        token.setLength(0);
        collecting = atTracked() && (expectKey || wanted());
    }

    private void closeString() {
        if (!atTracked()) {
            return;
        }
        if (expectKey) {
            keys[tracked] = collecting ? utf8(token) : null;
        } else if (collecting) {
            keep('"' + utf8(token) + '"');
        }
        collecting = false;
    }

    private void scalar(byte b) {
        if (depth == 0) {
            broken = true;
            return;
        }
        if (!inScalar) {
            inScalar = true;
            token.setLength(0);
            collecting = atTracked() && !expectKey && wanted();
        }
        collect(b);
    }

    private void endScalar() {
        if (inScalar) {
            inScalar = false;
            if (collecting) {
                keep(utf8(token));
            }
            collecting = false;
        }
    }

    private void down(boolean object) {
        if (depth == 0 && (started || !object)) {
            broken = true;
            return;
        }
        started = true;
        boolean parentTracked = atTracked() || depth == 0;
        depth++;
        if (object && parentTracked && depth <= MAX_LEVELS && (depth == 1 || keys[tracked] != null)) {
            tracked = (int) depth;
            keys[tracked] = null;
            expectKey = true;
        } else {
            expectKey = false;
        }
    }

    private void up() {
        endScalar();
        if (depth == 0) {
            broken = true;
            return;
        }
        if (atTracked()) {
            tracked--;
        }
        depth--;
        expectKey = false;
        ended = depth == 0;
    }

    private boolean atTracked() {
        return depth > 0 && depth == tracked;
    }

    private boolean wanted() {
        String key = keys[tracked];
        return key != null && kept.size() < MAX_KEPT && KEPT_KEYS.contains(key);
    }

    private void collect(byte b) {
        if (collecting) {
            if (token.length() >= (expectKey ? MAX_KEY : MAX_VALUE)) {
                collecting = false;
            } else {
                token.append((char) (b & 0xFF));
            }
        }
    }

    private void keep(String json) {
        List<String> path = new ArrayList<>();
        for (int level = 1; level <= tracked; level++) {
            String key = keys[level];
            if (key == null) {
                return;
            }
            path.add(key);
        }
        kept.add(new Kept(path, json));
    }

    private static void put(ObjectNode root, Kept one) {
        ObjectNode at = root;
        for (String key : one.path().subList(0, one.path().size() - 1)) {
            JsonNode child = at.get(key);
            if (child == null) {
                at = at.putObject(key);
            } else if (child instanceof ObjectNode object) {
                at = object;
            } else {
                return;
            }
        }
        try {
            at.set(one.path().getLast(), Json.read(one.json()));
        } catch (JsonProcessingException e) {
            // Not a JSON value: the line was not quite JSON; the rest of it still helps.
            return;
        }
    }

    private static String utf8(StringBuilder latin1) {
        return new String(latin1.toString().getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }
}
