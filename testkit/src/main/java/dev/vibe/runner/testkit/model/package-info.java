/**
 * A stand-in for the model APIs the real agents call: enough of the Anthropic Messages API for Claude Code 2.1.197 and of
 * the OpenAI Responses API for Codex 0.169.0, as these two were seen to use them. What it answers is written in the
 * user's message, see {@link dev.vibe.runner.testkit.model.Directive}.
 */
@NullMarked
package dev.vibe.runner.testkit.model;

import org.jspecify.annotations.NullMarked;
