package dev.vibe.runner.domain;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * One line an agent wrote, without its line ending; may be empty. Kept as the bytes it came in, since most lines go on as they
 * are. Whether they are JSON is for the protocol to find out. Immutable, and equal by channel and content.
 */
public final class OutputLine {
    private final Channel channel;
    private final byte[] utf8;

    /**
     * A line given as text.
     *
     * @param channel where it was written
     */
    public OutputLine(Channel channel, String text) {
        this(channel, text.getBytes(StandardCharsets.UTF_8));
    }

    private OutputLine(Channel channel, byte[] utf8) {
        this.channel = channel;
        this.utf8 = utf8;
    }

    /**
     * A line given as bytes.
     *
     * @param utf8 valid UTF-8; given away, never to be changed again
     */
    public static OutputLine ofUtf8(Channel channel, byte[] utf8) {
        return new OutputLine(channel, utf8);
    }

    /** Where it was written. */
    public Channel channel() {
        return channel;
    }

    /** Its valid UTF-8: not a copy, so not to be changed. */
    public byte[] utf8() {
        return utf8;
    }

    /** Its text, decoded anew at each call. */
    public String text() {
        return new String(utf8, StandardCharsets.UTF_8);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof OutputLine line && channel == line.channel && Arrays.equals(utf8, line.utf8);
    }

    @Override
    public int hashCode() {
        return 31 * channel.hashCode() + Arrays.hashCode(utf8);
    }

    @Override
    public String toString() {
        return "OutputLine[channel=" + channel + ", text=" + text() + "]";
    }
}
