package dev.vibe.runner.adapter.process;

import dev.vibe.runner.domain.Channel;
import dev.vibe.runner.domain.OutputLine;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Cuts a stream of bytes into lines. A line ends with LF or CRLF, or with the stream; anything between is the line's,
 * NUL bytes too. Invalid UTF-8 becomes U+FFFD. A line above the limit becomes a marker line, see {@link OverlongLine}, and
 * is never held in memory: no stream needs more than about twice the limit, and all together not much more than the
 * {@link LineBudget}. Owned by one thread.
 */
final class LineFramer {
    /** The smallest limit that leaves a marker room. */
    static final int MIN_LIMIT = 1024;

    /** So many lines at once are worth their hand-over; a chunk of empty ones would be some megabytes of objects. */
    private static final int LINES_AT_ONCE = 512;

    private static final int KEEP_BUFFER = 16 * 1024;
    private static final int FIRST_BUFFER = 512;
    private static final char REPLACEMENT = '\uFFFD';

    private final Channel channel;
    private final IntSupplier limit;
    private final Consumer<OutputLine> sink;
    private final LineBudget budget;
    /** Taken from the budget for {@link #pending}. */
    private long taken;

    private byte[] pending = new byte[FIRST_BUFFER];
    private int pendingLength;
    private @Nullable OverlongLine overlong;

    /** @param limit the most UTF-8 bytes a line may have; asked again and again, since it may change */
    LineFramer(Channel channel, IntSupplier limit, Consumer<OutputLine> sink, LineBudget budget) {
        this.channel = channel;
        this.limit = limit;
        this.sink = sink;
        this.budget = budget;
    }

    /**
     * Takes the next bytes, however they are cut, as far as {@value #LINES_AT_ONCE} lines. Waits where the budget is used up.
     *
     * @return up to where: what is behind is to be given again, once those lines are taken care of
     */
    int accept(byte[] bytes, int from, int length) {
        int max = Math.max(MIN_LIMIT, limit.getAsInt());
        int start = from;
        int lines = 0;
        for (int end = Scan.newline(bytes, start, length); end < length; end = Scan.newline(bytes, start, length)) {
            endLine(bytes, start, end, max);
            start = end + 1;
            if (++lines == LINES_AT_ONCE) {
                return start;
            }
        }
        if (start < length) {
            hold(bytes, start, length, max);
        }
        return length;
    }

    /** The stream is at its end; what has no line ending is a line too. */
    void finish() {
        if (pendingLength > 0 || overlong != null) {
            endLine(pending, 0, 0, Math.max(MIN_LIMIT, limit.getAsInt()));
        }
        release();
    }

    /** Gives up what is held of a line; the stream is over. */
    void release() {
        pending = new byte[FIRST_BUFFER];
        pendingLength = 0;
        budget.give(taken);
        taken = 0;
    }

    private void endLine(byte[] bytes, int from, int to, int max) {
        if (overlong == null && pendingLength == 0) {
            emit(bytes, from, to, max);
            return;
        }
        hold(bytes, from, to, max);
        OverlongLine tooLong = overlong;
        if (tooLong != null) {
            overlong = null;
            sink.accept(new OutputLine(channel, tooLong.marker(max)));
            return;
        }
        int length = pendingLength;
        pendingLength = 0;
        emit(pending, 0, length, max);
        if (pending.length > KEEP_BUFFER) {
            release();
        }
    }

    private void hold(byte[] bytes, int from, int to, int max) {
        if (overlong != null) {
            overlong.accept(bytes, from, to);
            return;
        }
        // One byte more for the CR of a CRLF, which is not the line's.
        if ((long) pendingLength + (to - from) > max + 1L) {
            giveUp(bytes, from, to, false);
            return;
        }
        int needed = pendingLength + (to - from);
        if (needed > pending.length && !grow((int) Math.min(Math.max(needed, 2L * pending.length), max + 1L))) {
            giveUp(bytes, from, to, true);
            return;
        }
        System.arraycopy(bytes, from, pending, pendingLength, to - from);
        pendingLength = needed;
    }

    private boolean grow(int size) {
        long more = size > KEEP_BUFFER ? size - taken : 0;
        if (more > 0 && !budget.take(more)) {
            return false;
        }
        taken += more;
        pending = Arrays.copyOf(pending, size);
        return true;
    }

    private void giveUp(byte[] bytes, int from, int to, boolean crowded) {
        OverlongLine tooLong = new OverlongLine(channel, crowded);
        tooLong.accept(pending, 0, pendingLength);
        tooLong.accept(bytes, from, to);
        overlong = tooLong;
        release();
    }

    private void emit(byte[] bytes, int from, int to, int max) {
        int end = to > from && bytes[to - 1] == '\r' ? to - 1 : to;
        if (end - from > max) {
            replace(bytes, from, end, max);
            return;
        }
        byte[] line = valid(bytes, from, end);
        if (line.length > max) { // a byte that is no UTF-8 is one byte before and three after
            replace(bytes, from, end, max);
            return;
        }
        sink.accept(OutputLine.ofUtf8(channel, line));
    }

    /** A copy, with U+FFFD for what is no UTF-8. */
    private static byte[] valid(byte[] bytes, int from, int to) {
        if (!Scan.ascii(bytes, from, to)) {
            String text = new String(bytes, from, to - from, StandardCharsets.UTF_8);
            if (text.indexOf(REPLACEMENT) >= 0) {
                return text.getBytes(StandardCharsets.UTF_8);
            }
        }
        return Arrays.copyOfRange(bytes, from, to);
    }

    private void replace(byte[] bytes, int from, int to, int max) {
        OverlongLine tooLong = new OverlongLine(channel);
        tooLong.accept(bytes, from, to);
        sink.accept(new OutputLine(channel, tooLong.marker(max)));
    }

    static long utf8Length(String text) {
        long length = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < 0x80) {
                length++;
            } else if (c < 0x800 || Character.isSurrogate(c)) {
                length += 2;
            } else {
                length += 3;
            }
        }
        return length;
    }
}
