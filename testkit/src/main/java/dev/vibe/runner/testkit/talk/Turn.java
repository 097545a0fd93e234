package dev.vibe.runner.testkit.talk;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * A finished turn.
 *
 * @param words the last the model said in it, empty if nothing
 * @param end the message that ended it
 */
public record Turn(String words, JsonNode end) {}
