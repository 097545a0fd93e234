package dev.vibe.runner.application.port.in;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The connection to the server.
 *
 * @param since when the state became what it is
 * @param connections how many there were so far, this one included
 * @param roundTrip how long the newest confirmed delivery took, from the question to its answer; null before the first
 * @param history the last changes and failures, oldest first
 */
public record ConnectionView(
        State state,
        Instant since,
        long connections,
        @Nullable Duration roundTrip,
        List<Change> history) {

    /** Where the connection stands. */
    public enum State {
        /** There is none; it is being tried for. */
        CONNECTING,
        /** It stands, and the server has not answered the registration yet. */
        CONNECTED,
        /** The server knows this endpoint. */
        REGISTERED
    }

    /** How often the connection had to be made anew. */
    public long reconnects() {
        return Math.max(0, connections - 1);
    }

    /**
     * Something that happened to the connection.
     *
     * @param at when, the last time
     * @param state after it
     * @param why for people
     * @param times in a row
     */
    public record Change(Instant at, State state, String why, int times) {}
}
