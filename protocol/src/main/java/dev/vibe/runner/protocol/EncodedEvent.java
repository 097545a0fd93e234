package dev.vibe.runner.protocol;

/**
 * An event ready for any transport.
 *
 * @param name the event's name
 * @param json its payload: one complete JSON object
 */
public record EncodedEvent(String name, String json) {}
