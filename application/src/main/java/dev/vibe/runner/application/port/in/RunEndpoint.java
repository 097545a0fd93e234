package dev.vibe.runner.application.port.in;

import java.time.Duration;
import java.util.concurrent.CompletionStage;

/** The runner's life, as {@code main} sees it. */
public interface RunEndpoint {

    /** Opens the transport and begins to register. Returns at once; called once. Does nothing after a {@link #shutdown}. */
    void start();

    /**
     * Completes with the server's words when it has refused the token for the whole grace period: to go on would be of
     * no use. Completes on a thread of the transport, so what follows must not block.
     */
    CompletionStage<String> rejected();

    /**
     * Ends every session, delivers what they said, unregisters and closes the transport. Blocks for at most {@code
     * deadline} and a moment; a second call waits for the first. Before the start there is nothing to wait for: what an earlier
     * run left to deliver stays where it is.
     *
     * @param deadline for all of it
     * @return what was left undone
     */
    ShutdownReport shutdown(Duration deadline);

    /** Ends every agent's processes by force and returns within a moment; for the second signal. */
    void abort();
}
