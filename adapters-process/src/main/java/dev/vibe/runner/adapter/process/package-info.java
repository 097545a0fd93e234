/** Agents as operating-system processes: Claude Code, Codex and the scripted one. */
@NullMarked
package dev.vibe.runner.adapter.process;

import org.jspecify.annotations.NullMarked;
