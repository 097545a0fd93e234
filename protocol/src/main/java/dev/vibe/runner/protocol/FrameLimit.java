package dev.vibe.runner.protocol;

import dev.vibe.runner.domain.EndpointEvent;

/**
 * How large a frame this server takes: what is longer ends the connection.
 *
 * @param bytes all of a frame's payload on the wire, what the transport puts around an event included
 */
public record FrameLimit(int bytes) {
    /** Socket.IO's own; where a server does not say. */
    public static final FrameLimit DEFAULT = new FrameLimit(1_000_000);

    /** Below this not even the marker of a line that was too long fits. */
    private static final int LEAST = 512;

    /** OkHttp closes a connection with more than 16 MiB in its queue, so no frame may come near. */
    private static final int MOST = 8 * 1024 * 1024;

    /** What a transport puts around a payload, the longest event name included. */
    private static final int AROUND = 64;

    /** The fields beside the message in a payload: ids of ordinary length, type, seq. The encoder measures what has longer ones. */
    private static final int BESIDE = 256;

    /**
     * What a server says it takes, as far as that makes sense.
     *
     * @param bytes JavaScript's numbers go to 1.8e308
     */
    public static FrameLimit announced(double bytes) {
        return new FrameLimit((int) Math.clamp(bytes, (double) LEAST, (double) MOST));
    }

    /** What an event's payload may take. */
    public int payload() {
        return bytes - AROUND;
    }

    /** What an agent's line may take to cross whole. */
    public int message() {
        return payload() - Math.min(BESIDE, bytes / 4);
    }

    /** An event as a frame within this limit; a longer one where not even what is left of it fits, for very long ids. */
    public byte[] frame(EventEncoder encoder, EndpointEvent event, Envelope envelope) {
        byte[] frame = encoder.frame(event, payload(), envelope);
        return frame.length <= bytes ? frame : encoder.frame(event, payload() / 2, envelope);
    }
}
