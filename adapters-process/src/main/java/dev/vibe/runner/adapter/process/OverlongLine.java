package dev.vibe.runner.adapter.process;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.vibe.runner.domain.Channel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Stands for a line that is too long to pass on: counts it, keeps its first bytes and, of a JSON object, its type and ids,
 * wherever in the line they are. Needs the same little memory for every line.
 *
 * <p>The marker is a JSON object with {@code truncated: {bytes, limitBytes, head}}; around it the type and ids of the
 * line. For what is not a JSON object it has the form that a text line has on the wire, with the head as its content.
 */
final class OverlongLine {
    /** How many bytes of the line the marker shows, room permitting. */
    static final int HEAD_BYTES = 16 * 1024;

    private final Channel channel;
    private final boolean crowded;
    private final byte[] head = new byte[HEAD_BYTES + 1];
    private final JsonSkeleton skeleton = new JsonSkeleton();
    private int headLength;
    private long bytes;
    private byte last;

    OverlongLine(Channel channel) {
        this(channel, false);
    }

    /** @param crowded whether it is cut for want of memory, and not for its own length */
    OverlongLine(Channel channel, boolean crowded) {
        this.channel = channel;
        this.crowded = crowded;
    }

    /** Takes the line's next bytes. */
    void accept(byte[] buffer, int from, int to) {
        if (from >= to) {
            return;
        }
        int copied = Math.min(to - from, head.length - headLength);
        System.arraycopy(buffer, from, head, headLength, copied);
        headLength += copied;
        bytes += to - from;
        last = buffer[to - 1];
        skeleton.accept(buffer, from, to);
    }

    /** What to pass on instead, itself at most {@code limit} UTF-8 bytes, and always one JSON object. */
    String marker(int limit) {
        long length = last == '\r' ? bytes - 1 : bytes;
        ObjectNode base = skeleton.finish();
        for (int show = Math.min(HEAD_BYTES, limit / 2); show > 0; show /= 2) {
            String marker = write(base, length, limit, text(show));
            if (marker != null) {
                return marker;
            }
        }
        String bare = write(base, length, limit, "");
        if (bare != null) {
            return bare;
        }
        String text = write(null, length, limit, "");
        return text == null ? "{}" : text;
    }

    private @Nullable String write(@Nullable ObjectNode base, long length, int limit, String shown) {
        String note = crowded && length <= limit
                ? "[The runner cut this line of " + length
                        + " bytes: with those of its other agents it is too long for its memory.]"
                : "[The runner cut this line: it has " + length + " bytes, at most " + limit + " can be passed on.]";
        ObjectNode marker = base == null ? Json.object() : base.deepCopy();
        if (base == null) {
            marker.put("type", "text");
            marker.put("content", shown.isEmpty() ? note : shown + "\n" + note);
            marker.put("source", channel.wireName());
        } else if (marker.get("message") instanceof ObjectNode message && message.has("role")) {
            // A console that draws an assistant's message expects content there.
            message.putArray("content").addObject().put("type", "text").put("text", note);
        }
        ObjectNode truncated = marker.putObject("truncated");
        truncated.put("bytes", length).put("limitBytes", limit);
        if (base != null) {
            truncated.put("head", shown);
        }
        try {
            String text = Json.write(marker);
            return LineFramer.utf8Length(text) <= limit ? text : null;
        } catch (JsonProcessingException e) {
            return null;
        }
    }

    /** The first {@code size} bytes as text, not ending within a character. */
    private String text(int size) {
        int end = Math.min(size, headLength);
        if (end < headLength) {
            int cut = end;
            while (cut > 0 && end - cut < 4 && (head[cut] & 0xC0) == 0x80) {
                cut--;
            }
            end = cut > 0 ? cut : end;
        }
        return new String(Arrays.copyOf(head, end), StandardCharsets.UTF_8);
    }
}
