package dev.vibe.runner.protocol;

/**
 * What a transport puts around an event: {@code before NAME between PAYLOAD after}.
 *
 * @param before e.g. <code>42["</code>
 * @param between e.g. {@code ",}
 * @param after e.g. {@code ]}
 */
public record Envelope(String before, String between, String after) {}
