package dev.vibe.runner.transport;

import java.time.Duration;

/**
 * How patient a transport is.
 *
 * @param reconnectMin the shortest pause before a new attempt
 * @param reconnectMax the longest; a connection that lasted that long lets the pauses begin anew
 * @param connectTimeout for all of one attempt
 * @param probeTimeout how long the server may stay silent, and take nothing, while it owes an answer
 */
public record LinkTiming(Duration reconnectMin, Duration reconnectMax, Duration connectTimeout, Duration probeTimeout) {

    /** Pauses of 0.5 to 10 s, 10 s to connect, 5 s for an answer. */
    public static final LinkTiming DEFAULT = new LinkTiming(
            Duration.ofMillis(500), Duration.ofSeconds(10), Duration.ofSeconds(10), Duration.ofSeconds(5));

    /** Rejects with {@link IllegalArgumentException} what could never connect. */
    public LinkTiming {
        if (!reconnectMin.isPositive() || reconnectMax.compareTo(reconnectMin) < 0) {
            throw new IllegalArgumentException(
                    "the pauses before reconnection must be positive, the longest not below the shortest");
        }
        if (!connectTimeout.isPositive() || !probeTimeout.isPositive()) {
            throw new IllegalArgumentException("timeouts must be positive");
        }
    }
}
