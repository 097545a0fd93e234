package dev.vibe.runner.protocol;

import dev.vibe.runner.domain.Channel;
import dev.vibe.runner.domain.SessionEvent;
import dev.vibe.runner.domain.SessionId;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * The frames of agents' lines: JSON as it stands, anything else as a string within an object, as bytes, in one array of the right
 * length. Safe for several threads.
 */
final class LineFrames {
    /** Sessions whose first part is remembered; a power of two. */
    private static final int HEADS = 16;

    private static final byte[] TEXT = bytes("{\"type\":\"text\",\"content\":\"");
    private static final Parts STDOUT = new Parts(Channel.STDOUT);
    private static final Parts STDERR = new Parts(Channel.STDERR);
    private static final int LONGEST_NUMBER = 20;

    /** What follows a line. */
    private static final class Parts {
        final byte[] afterText;
        final byte[] beforeNumber;

        Parts(Channel channel) {
            afterText = bytes("\",\"source\":\"" + channel.wireName() + "\"}");
            beforeNumber = bytes(",\"type\":\"" + channel.wireName() + "\",\"seq\":");
        }
    }

    /** What is before a line: the same for all of a session. */
    private static final class Head {
        final SessionId session;
        final Envelope envelope;
        final byte[] bytes;
        final int ofEnvelope;
        final byte[] after;

        Head(SessionId session, Envelope envelope) {
            this.session = session;
            this.envelope = envelope;
            String before = envelope.before() + EventNames.MESSAGE_FROM_AGENT + envelope.between();
            StringBuilder text = new StringBuilder(before).append("{\"sessionId\":");
            Json.quote(text, session.value()).append(",\"message\":");
            bytes = LineFrames.bytes(text.toString());
            ofEnvelope = LineFrames.bytes(before).length;
            after = LineFrames.bytes(envelope.after());
        }

        boolean isFor(SessionId other, Envelope in) {
            return session.equals(other) && envelope.equals(in);
        }
    }

    private final AtomicReferenceArray<@Nullable Head> heads = new AtomicReferenceArray<>(HEADS);

    /**
     * The frame of a line; null where its payload would be longer than {@code maxBytes}.
     *
     * @param maxBytes the envelope not counted
     */
    byte @Nullable [] frame(SessionEvent.Output output, int maxBytes, Envelope envelope) {
        byte[] line = output.line().utf8();
        Head head = head(output.sessionId(), envelope);
        Parts parts = output.line().channel() == Channel.STDOUT ? STDOUT : STDERR;
        boolean json = JsonSyntax.isValue(line);
        long length = head.bytes.length
                + (json ? line.length : TEXT.length + Bytes.quotedLength(line) + parts.afterText.length)
                + parts.beforeNumber.length
                + digits(output.seq())
                + 1L;
        if (length - head.ofEnvelope > maxBytes) {
            return null;
        }
        byte[] frame = new byte[(int) length + head.after.length];
        int at = copy(head.bytes, frame, 0);
        if (json) {
            at = copy(line, frame, at);
        } else {
            at = copy(TEXT, frame, at);
            at = Bytes.quote(line, frame, at);
            at = copy(parts.afterText, frame, at);
        }
        at = copy(parts.beforeNumber, frame, at);
        at = number(output.seq(), frame, at);
        frame[at++] = '}';
        int end = copy(head.after, frame, at);
        assert end == frame.length;
        return frame;
    }

    private Head head(SessionId session, Envelope envelope) {
        int slot = session.hashCode() & HEADS - 1;
        Head known = heads.get(slot);
        if (known != null && known.isFor(session, envelope)) {
            return known;
        }
        Head head = new Head(session, envelope);
        heads.set(slot, head);
        return head;
    }

    private static int copy(byte[] from, byte[] to, int at) {
        System.arraycopy(from, 0, to, at, from.length);
        return at + from.length;
    }

    private static int digits(long number) {
        int digits = 1;
        for (long rest = number / 10; rest > 0 && digits < LONGEST_NUMBER; rest /= 10) {
            digits++;
        }
        return digits;
    }

    private static int number(long number, byte[] to, int at) {
        int end = at + digits(number);
        long rest = number;
        for (int i = end - 1; i >= at; i--) {
            to[i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        return end;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
