package dev.vibe.runner.adapter.socketio;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A Socket.IO event of the default namespace: {@code 42["name",payload]}, or {@code 4213["name",payload]} where the
 * server wants an acknowledgement.
 *
 * @param ackId digits, null where no acknowledgement is wanted
 * @param payload the first argument's text, perhaps not JSON at all; empty where there is none
 */
record EventFrame(@Nullable String ackId, String name, String payload) {
    private static final String TYPE = "42";
    private static final int MAX_NAME = 256;
    private static final int MAX_ACK_DIGITS = 15;

    /** Of events with attachments; made when the first one comes. */
    private static final class Binary {
        /** {@code 451-["name",{"field":{"_placeholder":true,"num":0}}]}, and then the bytes in a frame of their own. */
        static final Pattern HEAD = Pattern.compile("45\\d{1,9}-");

        /** As a server writes it. In a string it would have backslashes. */
        static final Pattern ATTACHMENT = Pattern.compile("\\{\"_placeholder\":true,\"num\":\\d{1,9}}");

        private Binary() {}
    }

    /** Taking attachments out of a text costs two copies of it. */
    private static final int MOST_WITHOUT_ATTACHMENTS = 1 << 20;

    /**
     * The same for an event with attachments, each of which is read as {@code null}, or in a long event as the object that stands for
     * it: no field of this protocol is one, and what has one besides is an event like any other.
     */
    static @Nullable EventFrame parseBinary(String text) {
        Matcher head = Binary.HEAD.matcher(text);
        if (!head.lookingAt()) {
            return null;
        }
        return text.length() > MOST_WITHOUT_ATTACHMENTS
                ? parse(text, head.end())
                : parse(Binary.ATTACHMENT.matcher(text).replaceAll("null"), head.end());
    }

    /** Takes a frame apart, without recursion and without looking into the payload; null where it is no such event. */
    static @Nullable EventFrame parse(String text) {
        return parse(text, TYPE.length());
    }

    private static @Nullable EventFrame parse(String text, int begin) {
        int at = begin;
        while (at < text.length() && isDigit(text.charAt(at))) {
            at++;
        }
        String ackId = at == begin ? null : text.substring(begin, at);
        if ((ackId != null && ackId.length() > MAX_ACK_DIGITS) || !text.startsWith("[\"", at)) {
            return null;
        }
        int nameAt = at + 2;
        int nameEnd = text.indexOf('"', nameAt);
        if (nameEnd < 0 || nameEnd - nameAt > MAX_NAME) {
            return null;
        }
        String name = text.substring(nameAt, nameEnd);
        if (name.indexOf('\\') >= 0 || text.charAt(text.length() - 1) != ']') {
            return null; // no event of ours needs an escape
        }
        int comma = nameEnd + 1;
        if (comma == text.length() - 1) {
            return new EventFrame(ackId, name, "");
        }
        return text.charAt(comma) == ','
                ? new EventFrame(ackId, name, text.substring(comma + 1, endOfValue(text, comma + 1)))
                : null;
    }

    /** Where the value that begins at {@code from} is followed by another argument or by the end of the list. */
    private static int endOfValue(String text, int from) {
        int depth = 0;
        boolean quoted = false;
        for (int i = from; i < text.length(); i++) {
            char c = text.charAt(i);
            if (quoted) {
                if (c == '\\') {
                    i++;
                } else if (c == '"') {
                    quoted = false;
                }
                continue;
            }
            switch (c) {
                case '"' -> quoted = true;
                case '{', '[' -> depth++;
                case '}' -> depth--;
                case ']' -> {
                    if (depth-- == 0) {
                        return i;
                    }
                }
                case ',' -> {
                    if (depth == 0) {
                        return i;
                    }
                }
                default -> {}
            }
        }
        return text.length() - 1;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }
}
