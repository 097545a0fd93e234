package dev.vibe.runner.adapter.process.scripted;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** Stdout, line by line, each written at once. */
final class Output {
    private final OutputStream out;

    Output(OutputStream out) {
        this.out = out;
    }

    void line(String line) throws IOException {
        bytes((line + "\n").getBytes(StandardCharsets.UTF_8));
    }

    void bytes(byte[] bytes) throws IOException {
        out.write(bytes);
        out.flush();
    }

    /** A line as Claude Code writes it when its model has spoken. */
    void assistant(String sessionId, String text) throws IOException {
        line("{\"type\":\"assistant\",\"message\":{\"role\":\"assistant\",\"content\":[{\"type\":\"text\",\"text\":"
                + quoted(text) + "}]},\"session_id\":" + quoted(sessionId) + "}");
    }

    /** A line as Claude Code writes it at the end of a turn. */
    void result(String sessionId, boolean interrupted) throws IOException {
        String how = interrupted
                ? "\"subtype\":\"error_during_execution\",\"is_error\":true"
                : "\"subtype\":\"success\",\"is_error\":false";
        line("{\"type\":\"result\"," + how + ",\"session_id\":" + quoted(sessionId) + "}");
    }

    private static String quoted(String text) {
        return '"' + new String(JsonStringEncoder.getInstance().quoteAsString(text)) + '"';
    }
}
