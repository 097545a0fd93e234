package dev.vibe.runner.bootstrap;

/** Who decides about an agent's tool calls. */
enum PermissionMode {
    /** Nobody: the sandbox is the fence. */
    BYPASS,
    /** The user, through the server. */
    PROMPT
}
