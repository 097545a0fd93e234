package dev.vibe.runner.testkit.model;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;

/** One model API: how a request reads and how a reply is written. */
interface Api {

    /** What the request comes down to. */
    Prompt read(JsonNode request);

    /**
     * Writes the reply, waiting as it says. Returns early when the server closes.
     *
     * @throws IOException when the client went away
     */
    void write(JsonNode request, Prompt prompt, Reply reply, Exchange exchange) throws IOException;
}
