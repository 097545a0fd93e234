package dev.vibe.runner.testkit.model;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Decides the reply to a prompt. Safe for use by several threads. */
final class Script {
    private static final int DELTA_CHARS = 64 * 1024;

    /** How often each failing message was failed: agents repeat a request that failed. */
    private final Map<String, Integer> failures = new ConcurrentHashMap<>();

    Reply reply(Prompt prompt) {
        String result = prompt.toolResult();
        if (result != null) {
            return say("tool result: " + result);
        }
        return switch (Directive.of(prompt.text())) {
            case Directive.Echo _ -> say("echo: " + prompt.text() + " (messages=" + prompt.messages() + ")");
            case Directive.Tool(var command) -> new Reply.Shell(command);
            case Directive.Write(var file) -> new Reply.WriteFile(file);
            case Directive.Slow(var words, var pause) -> slow(words, pause);
            case Directive.Big(var bytes) -> big(bytes);
            case Directive.Fail(var status, var times) -> fail(prompt.text(), status, times);
            case Directive.Hang _ -> new Reply.Silence();
        };
    }

    private Reply fail(String text, int status, int times) {
        int failed = failures.merge(text, 1, Integer::sum);
        return failed <= times ? new Reply.Failure(status) : say("recovered after " + times + " failures");
    }

    private static Reply say(String text) {
        return new Reply.Text(List.of(text), Duration.ZERO);
    }

    private static Reply slow(int words, Duration pause) {
        List<String> deltas = new ArrayList<>();
        for (int i = 0; i < words; i++) {
            deltas.add("w" + i + " ");
        }
        return new Reply.Text(deltas, pause);
    }

    private static Reply big(int bytes) {
        List<String> deltas = new ArrayList<>();
        for (int left = bytes; left > 0; left -= DELTA_CHARS) {
            deltas.add("x".repeat(Math.min(left, DELTA_CHARS)));
        }
        return new Reply.Text(deltas, Duration.ZERO);
    }
}
