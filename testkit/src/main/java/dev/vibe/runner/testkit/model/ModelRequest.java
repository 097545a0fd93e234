package dev.vibe.runner.testkit.model;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;

/**
 * A request the model server got, for assertions.
 *
 * @param method of HTTP
 * @param path without the query
 * @param headers names in lower case, first values only
 * @param body as JSON, a missing node when there was none
 * @param text what the user said last, see {@link Directive}; empty where the request is no prompt
 * @param toolResults whether the last words were a tool's
 * @param tools the tools the agent offered
 */
public record ModelRequest(
        String method,
        String path,
        Map<String, String> headers,
        JsonNode body,
        String text,
        boolean toolResults,
        List<String> tools) {
    public ModelRequest {
        headers = Map.copyOf(headers);
        tools = List.copyOf(tools);
    }
}
