package dev.vibe.runner.adapter.journal;

import dev.vibe.runner.domain.Channel;
import dev.vibe.runner.domain.EndpointId;
import dev.vibe.runner.domain.OutputLine;
import dev.vibe.runner.domain.SessionEvent;
import dev.vibe.runner.domain.SessionId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
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

    /** The whole record, ready to be written. */
    static ByteBuffer encode(SessionEvent event) {
        return switch (event) {
            case SessionEvent.Started started ->
                record(STARTED, started.agentSessionId() == null ? 0 : 1, String.valueOf(started.agentSessionId()));
            case SessionEvent.Output output ->
                record(
                        output.line().channel() == Channel.STDOUT ? STDOUT : STDERR,
                        output.seq(),
                        output.line().text());
            case SessionEvent.Notice notice -> record(NOTICE, notice.seq(), notice.code() + SEPARATOR + notice.text());
            case SessionEvent.Ended ended ->
                record(ENDED, ended.exitCode() == null ? NO_EXIT_CODE : ended.exitCode(), ended.reason());
            case SessionEvent.Failed failed -> record(FAILED, 0, failed.error());
        };
    }

    private static ByteBuffer record(byte kind, long number, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        ByteBuffer out = ByteBuffer.allocate(HEADER + FIXED + bytes.length);
        out.position(HEADER);
        out.put(kind).putLong(number).put(bytes);
        out.putInt(0, FIXED + bytes.length);
        out.putInt(4, checksum(out.array(), HEADER, FIXED + bytes.length));
        return out.flip();
    }

    static int checksum(byte[] bytes, int from, int length) {
        CRC32C sum = new CRC32C();
        sum.update(bytes, from, length);
        return (int) sum.getValue();
    }

    /** The event of a record's body, or null when the checksum or the content is wrong. */
    static @Nullable SessionEvent decode(byte[] body, int checksum, SessionId session, EndpointId endpoint) {
        if (body.length < FIXED || checksum(body, 0, body.length) != checksum) {
            return null;
        }
        long number = ByteBuffer.wrap(body).getLong(1);
        String text = new String(body, FIXED, body.length - FIXED, StandardCharsets.UTF_8);
        return switch (body[0]) {
            case STARTED -> new SessionEvent.Started(session, endpoint, number == 0 ? null : text);
            case STDOUT -> new SessionEvent.Output(session, endpoint, number, new OutputLine(Channel.STDOUT, text));
            case STDERR -> new SessionEvent.Output(session, endpoint, number, new OutputLine(Channel.STDERR, text));
            case NOTICE -> notice(session, endpoint, number, text);
            case ENDED -> new SessionEvent.Ended(session, endpoint, text, exitCode(number));
            case FAILED -> new SessionEvent.Failed(session, endpoint, text);
            default -> null;
        };
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
