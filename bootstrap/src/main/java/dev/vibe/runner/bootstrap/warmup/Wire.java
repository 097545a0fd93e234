package dev.vibe.runner.bootstrap.warmup;

import org.jspecify.annotations.Nullable;

/** How a server frames what it says, as far as a warm-up goes. */
interface Wire {
    /** What it says first. */
    String welcome();

    /**
     * Its answer to a frame that is about the connection.
     *
     * @return null where the frame is an event, or wants no answer
     */
    @Nullable
    String answer(String frame);

    /** An event's frame. */
    String event(String name, String payload);
}
