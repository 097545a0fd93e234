package dev.vibe.runner.adapter.process;

/** What an agent may do without asking. */
public enum PermissionMode {
    /** Everything: for sandboxes, where the machine is the fence. */
    BYPASS,
    /** The agent asks the server, and waits for the answer. */
    PROMPT
}
