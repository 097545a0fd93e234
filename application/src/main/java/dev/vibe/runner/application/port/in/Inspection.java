package dev.vibe.runner.application.port.in;

import java.util.concurrent.CompletionStage;

/** Lets others look at the running endpoint: it changes nothing, and shows no message and no secret. */
public interface Inspection {

    /**
     * How the endpoint is now. Takes some milliseconds, since it looks at the agents' processes; waits for no network and no
     * disk. Its parts are looked at one after the other, so they may be some moments apart.
     */
    EndpointView look();

    /** Completes when the first attempt to reach the server has come to something, good or bad. */
    CompletionStage<Void> firstAttempt();
}
