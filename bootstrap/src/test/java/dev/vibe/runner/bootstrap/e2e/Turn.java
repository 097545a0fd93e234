package dev.vibe.runner.bootstrap.e2e;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * A finished turn.
 *
 * @param words the last the model said in it, empty if nothing
 * @param end the message that ended it
 */
record Turn(String words, JsonNode end) {}
