package dev.vibe.runner.adapter.process;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Tells by its first bytes a line that says nothing to the runner, so that it need not become text: most of what Codex writes. Only
 * notifications that are known by name count, and only where their parameters follow at once: Codex writes the id of a request between
 * the two, and an answer has no method.
 */
final class CodexPassing {
    private static final byte[] BEFORE = bytes("{\"method\":\"");
    private static final byte[] AFTER = bytes("\",\"params\":{");
    private static final int LONGEST_NAME = 64;

    /** That an item is complete is news to the user only: the runner has looked at its beginning. */
    private static final Set<String> ALWAYS = Set.of(
            "account/rateLimits/updated",
            "item/completed",
            "item/commandExecution/terminalInteraction",
            "item/fileChange/patchUpdated",
            "item/mcpToolCall/progress",
            "mcpServer/startupStatus/updated",
            "thread/status/changed",
            "thread/tokenUsage/updated",
            "turn/diff/updated",
            "turn/plan/updated");

    private final Set<String> methods;

    /** @param others notifications that pass besides */
    CodexPassing(Set<String> others) {
        methods = Stream.concat(ALWAYS.stream(), others.stream()).collect(Collectors.toUnmodifiableSet());
    }

    /** Whether the runner has no use for this line, and its user has. */
    boolean passes(byte[] line) {
        if (!begins(line, 0, BEFORE)) {
            return false;
        }
        int from = BEFORE.length;
        int to = from;
        int end = Math.min(line.length, from + LONGEST_NAME);
        while (to < end && line[to] != '"') {
            to++;
        }
        return begins(line, to, AFTER)
                && methods.contains(new String(line, from, to - from, StandardCharsets.US_ASCII));
    }

    private static boolean begins(byte[] line, int at, byte[] bytes) {
        return line.length - at >= bytes.length && Arrays.equals(line, at, at + bytes.length, bytes, 0, bytes.length);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
