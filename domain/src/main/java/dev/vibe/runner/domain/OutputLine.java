package dev.vibe.runner.domain;

/**
 * One line an agent wrote, without its line ending. Whether the text is JSON is for the protocol to find out.
 *
 * @param channel where it was written
 * @param text the line; already decoded, invalid UTF-8 replaced by U+FFFD; may be empty
 */
public record OutputLine(Channel channel, String text) {}
