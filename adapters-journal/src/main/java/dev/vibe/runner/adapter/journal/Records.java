package dev.vibe.runner.adapter.journal;

import dev.vibe.runner.domain.Channel;
import dev.vibe.runner.domain.EndpointId;
import dev.vibe.runner.domain.OutputLine;
import dev.vibe.runner.domain.SessionEvent;
import dev.vibe.runner.domain.SessionId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * An event as bytes: {@code length, checksum, kind, number, text}. The checksum (CRC-32C) covers all behind it, so a
 * record that a crash left half written is recognised. Session and endpoint are the lane's, not the record's.
 */
final class Records {
    /** Before the part that the checksum covers. */
    static final int HEADER = 8;

    /** Kind and number. */
    private static final int FIXED = 9;

    /** A record longer than this was never written: the length is garbage. */
    static final int MAX_BODY = 256 * 1024 * 1024;

    private static final byte STARTED = 1;
    private static final byte STDOUT = 2;
    private static final byte STDERR = 3;
    private static final byte NOTICE = 4;
    private static final byte ENDED = 5;
    private static final byte FAILED = 6;
    private static final char SEPARATOR = '\n';
    private static final int NO_EXIT_CODE = Integer.MIN_VALUE;

    private Records() {}

    /** What of an event is written. */
    private static final class Body {
        final byte kind;
        final long number;
        final byte[] bytes;

        Body(byte kind, long number, byte[] bytes) {
            this.kind = kind;
            this.number = number;
            this.bytes = bytes;
        }

        int length() {
            return FIXED + bytes.length;
        }
    }

    /**
     * The events' records, ready to be written.
     *
     * @param lengths gets the length of each record
     * @param scratch gives the buffer, and is to get it back
     */
    static ByteBuffer encode(List<? extends SessionEvent> events, int[] lengths, Scratch scratch) {
        List<Body> bodies = new ArrayList<>(events.size());
        int total = 0;
        for (int i = 0; i < lengths.length; i++) {
            Body body = body(events.get(i));
            bodies.add(body);
            lengths[i] = HEADER + body.length();
            total = Math.addExact(total, lengths[i]);
        }
        ByteBuffer out = scratch.take(total);
        CRC32C sum = new CRC32C();
        for (Body body : bodies) {
            int at = out.position();
            out.position(at + HEADER);
            out.put(body.kind).putLong(body.number).put(body.bytes);
            int end = out.position();
            sum.reset();
            sum.update(out.position(at + HEADER).limit(end));
            out.limit(total);
            out.putInt(at, body.length());
            out.putInt(at + Integer.BYTES, (int) sum.getValue());
        }
        return out.flip();
    }

    private static Body body(SessionEvent event) {
        return switch (event) {
            case SessionEvent.Started started ->
                body(STARTED, started.agentSessionId() == null ? 0 : 1, String.valueOf(started.agentSessionId()));
            case SessionEvent.Output output ->
                new Body(
                        output.line().channel() == Channel.STDOUT ? STDOUT : STDERR,
                        output.seq(),
                        output.line().utf8());
            case SessionEvent.Notice notice -> body(NOTICE, notice.seq(), notice.code() + SEPARATOR + notice.text());
            case SessionEvent.Ended ended ->
                body(ENDED, ended.exitCode() == null ? NO_EXIT_CODE : ended.exitCode(), ended.reason());
            case SessionEvent.Failed failed -> body(FAILED, 0, failed.error());
        };
    }

    private static Body body(byte kind, long number, String text) {
        return new Body(kind, number, text.getBytes(StandardCharsets.UTF_8));
    }

    static int checksum(byte[] bytes, int from, int length) {
        CRC32C sum = new CRC32C();
        sum.update(bytes, from, length);
        return (int) sum.getValue();
    }

    /** The event of the record's body at {@code at}, or null when the checksum or the content is wrong. */
    static @Nullable SessionEvent decode(
            byte[] from, int at, int length, int checksum, SessionId session, EndpointId endpoint) {
        if (length < FIXED || checksum(from, at, length) != checksum) {
            return null;
        }
        long number = ByteBuffer.wrap(from).getLong(at + 1);
        byte[] bytes = Arrays.copyOfRange(from, at + FIXED, at + length);
        return switch (from[at]) {
            case STARTED -> new SessionEvent.Started(session, endpoint, number == 0 ? null : text(bytes));
            case STDOUT -> new SessionEvent.Output(session, endpoint, number, OutputLine.ofUtf8(Channel.STDOUT, bytes));
            case STDERR -> new SessionEvent.Output(session, endpoint, number, OutputLine.ofUtf8(Channel.STDERR, bytes));
            case NOTICE -> notice(session, endpoint, number, text(bytes));
            case ENDED -> new SessionEvent.Ended(session, endpoint, text(bytes), exitCode(number));
            case FAILED -> new SessionEvent.Failed(session, endpoint, text(bytes));
            default -> null;
        };
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static @Nullable Integer exitCode(long number) {
        if (number == NO_EXIT_CODE) {
            return null;
        }
        return (int) number;
    }

    private static @Nullable SessionEvent notice(SessionId session, EndpointId endpoint, long seq, String text) {
        int end = text.indexOf(SEPARATOR);
        if (end < 0) {
            return null;
        }
        return new SessionEvent.Notice(session, endpoint, seq, text.substring(0, end), text.substring(end + 1));
    }
}
