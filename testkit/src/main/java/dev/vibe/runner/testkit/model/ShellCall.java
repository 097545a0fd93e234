package dev.vibe.runner.testkit.model;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * A call of Codex's shell, under the name and with the arguments of the one it offers: which one depends on its version
 * and on the model's name.
 *
 * @param tool the function's name
 * @param arguments of the function
 */
record ShellCall(String tool, ObjectNode arguments) {
    /** Codex answers the model before a longer command has ended; this is the longest wait it grants. */
    private static final int YIELD_MS = 30_000;

    static ShellCall of(List<String> tools, String command) {
        ObjectNode arguments = JsonNodeFactory.instance.objectNode();
        if (tools.contains("exec_command")) {
            return new ShellCall("exec_command", arguments.put("cmd", command).put("yield_time_ms", YIELD_MS));
        }
        if (tools.contains("shell_command")) {
            return new ShellCall("shell_command", arguments.put("command", command));
        }
        arguments.putArray("command").add("bash").add("-lc").add(command);
        return new ShellCall("shell", arguments);
    }
}
