package dev.vibe.runner.application.port.in;

import org.jspecify.annotations.Nullable;

/**
 * What waits for the server.
 *
 * @param unconfirmed events that the server has not confirmed
 * @param bytes roughly, of these
 * @param resent events that were sent more than once, since the process began
 * @param problem why what waits is not safe on disk, for people; null while it is
 */
public record DeliveryView(
        long unconfirmed, long bytes, long resent, @Nullable String problem) {}
