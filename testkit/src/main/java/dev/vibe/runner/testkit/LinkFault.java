package dev.vibe.runner.testkit;

/** What can be wrong with a network between a runner and its server. Done by {@link LinkProxy}. */
public sealed interface LinkFault {
    /** Nothing: bytes flow. */
    record Healthy() implements LinkFault {}

    /** Connections end with FIN, once; new ones are healthy. */
    record Cut() implements LinkFault {}

    /** Connections end with RST, once; new ones are healthy. */
    record Reset() implements LinkFault {}

    /** Connections stay, their bytes vanish both ways. New ones too. They end with RST when it is over. */
    record BlackHole() implements LinkFault {}

    /** What the runner sends is not read, so that its buffers fill; what the server sends arrives. */
    record Stall() implements LinkFault {}

    /**
     * What the runner sends is read slowly.
     *
     * @param bytesPerSecond at most
     */
    record Slow(int bytesPerSecond) implements LinkFault {}

    /** Connections end, and new ones are reset at once. */
    record Refuse() implements LinkFault {}
}
